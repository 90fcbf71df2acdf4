"""Recording programs that know nothing of us: what `claude-cassette record` puts around the program that it runs.

    hook/sitecustomize.py   runs when a Python of the program starts: watches for the import of an SDK
    in_process.py           then opens that SDK's runs on a recording transport
    tee.py                  the recorder executable: stands before the real CLI, for any language and any other SDK
    part.py, failure.py     what one process records, a partial file of its own, and why it could not
    surroundings.py         the environment by which all of them are told
    spool.py                the folder of the parts, and how they become one cassette

Above: `cassettes/cli/record.py`.  A run is recorded once: whoever starts the real CLI takes our surroundings out of its
environment, so neither the executable nor the hook is found again behind it.
"""
