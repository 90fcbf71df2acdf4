"""What is measured, one module each, written once for both SDKs: `run(sdk, settings, meter)` returns a sample."""
