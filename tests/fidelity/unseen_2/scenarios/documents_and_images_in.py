from _util import *
DOC = "prompts with a pdf document, an image by url, a text document with a title, two images; a Read of an image and of a svg between; uuids told"
import base64
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
FILES = {"p.png": base64.b64decode(PIXEL), "s.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>\n"}
IMG = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
DOCM = {"type": "document", "title": "Lease", "source": {"type": "text", "media_type": "text/plain", "data": "The tenant pays."}}
MODEL = [[T("A lease.")], [TU("r1", "Read", file_path="/project/p.png")], [TU("r2", "Read", file_path="/project/s.svg")], [T("Same pixel.")], [T("By url.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(hooks={**on(sdk, log, "UserPromptSubmit"), **on(sdk, log, "PostToolBatch")}),
                   [user([DOCM, {"type": "text", "text": "what is it?"}], uuid="20000000-0000-4000-8000-000000000001")],
                   [user([IMG, {"type": "text", "text": "like p.png?"}, IMG])],
                   [user([{"type": "image", "source": {"type": "url", "url": "http://127.0.0.1:1/x.png"}}, {"type": "text", "text": "and this?"}])])
