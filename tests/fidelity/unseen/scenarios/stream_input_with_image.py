from _util import *
DOC = "query() fed by an async iterable: an image, then after the first result a tool that is asked about; left early after the second result"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
MODEL = [[T("A single pixel.")], [TU("w1", "Write", file_path="/project/pixel.txt", content="1x1\n"), TU("n1", "NotebookEdit", notebook_path="/project/n.ipynb", new_source="x", cell_type="code", edit_mode="insert")], [T("Noted.")], [T("spare")]]
async def drive(sdk, make_options, log):
    first = asyncio.Event()
    async def prompts():
        yield user([{"type": "text", "text": "what is this?"}, {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}])
        await first.wait()
        yield user("note its size")
        await asyncio.sleep(15)
    decide = lambda name, input, context: "no notebooks" if name == "NotebookEdit" else None
    n = 0
    try:
        async for m in sdk.query(prompt=prompts(), options=make_options(can_use_tool=permissions(sdk, log, decide))):
            log.message(m)
            if type(m).__name__ == "ResultMessage":
                n += 1
                first.set()
                if n == 2:
                    break
    except Exception as e:
        log.error("query", e)
    log("query_end")
