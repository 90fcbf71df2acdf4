"""Programs on the official TypeScript SDK, whose CLI is ours: fakes, recordings, the recorder."""
