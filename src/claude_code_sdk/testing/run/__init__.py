"""What happened in the runs of a program, read from the wire: facts to compare, and assertions that fail readably.

    from claude_code_sdk.testing import Run

Above: programs' tests, the pytest plugin.  Below: the logs that an `ObservedEngine` fills, in this process or, through
`fake-claude`, as files; the transcript of cassettes, which reads their entries.  The modules `observed_engine`,
`wire_log`, `wire_lines` and `wire_directory` are on the fake path; nothing is imported here for their sake.
"""
