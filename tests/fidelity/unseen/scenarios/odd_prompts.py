from _util import *
DOC = "prompts as people paste them: a file mention, an empty text, blanks, a comment, a shell escape, 20000 characters on a line, several text blocks, control characters"
FILES = {"notes.txt": "remember the milk\n", "dir/b.txt": "b\n"}
MODEL = [[T("Milk.")], [T("Nothing asked.")], [T("A comment.")], [T("An exclamation.")], [T("Long!")], [T("Blocks: é漢🙂\u200d.")], [T("Controls.")], [T("A folder.")]]
async def drive(sdk, make_options, log):
    blocks = user([{"type": "text", "text": "first"}, {"type": "text", "text": "zweites \u2028 é漢🙂"}, {"type": "text", "text": "  "}])
    hooks = on(sdk, log, "UserPromptSubmit")
    await converse(sdk, log, make_options(hooks=hooks), "what is in @notes.txt ?", "", "   \n\t ", "# a heading", "! echo hi", "x" * 20000, [blocks], "bell \x07 and \x1b[31mred\x1b[0m \u0085", "list @dir and @missing.txt")
