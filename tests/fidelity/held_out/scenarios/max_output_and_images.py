from _util import *
DOC = "Read of an image and of a big file, a Bash with a large output, MCP image beside; then /context and a denied Read of a pdf"
import base64
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
FILES = {"dot.png": PNG, "many.txt": "".join(f"line {i}\n" for i in range(1, 61))}
MODEL = [[TU("r1", "Read", file_path="/project/dot.png")], [TU("r2", "Read", file_path="/project/many.txt", offset=50, limit=5)], [TU("r3", "Read", file_path="/project/many.txt", limit=0)], [Bash("b1", "seq 1 12")], [TU("r4", "Read", file_path="relative.txt")], [T("Looked.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(), "look")
