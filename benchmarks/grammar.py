"""How long a grammar of 20 tools takes to make and compile, and a mask of 32,000 tokens to compute."""

from __future__ import annotations

import argparse
import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import llguidance.numpy
import numpy as np
from llguidance import LLMatcher, LLTokenizer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

import results
from callsmith.catalog import builtin
from callsmith.grammar.dialogue import Form, dialogue
from callsmith.grammar.dml import write
from callsmith.records import Json, System
from callsmith.row import from_row, read_rows

ROOT = Path(__file__).parent.parent
ROWS = ROOT / "tests" / "golden" / "conversations.jsonl"
VOCABULARY = 32_000
TOOLS = 20
FORM = Form(thoughts=True, users_min=1, users_max=8)


def main() -> None:
    """Walk written conversations token by token, a mask before each, as a server does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=40)
    rows = parser.parse_args().rows
    tokenizer, ll = vocabulary()
    every = [definition for toolkit in builtin.names() for definition in definitions(toolkit)]
    making: list[float] = []
    compiling: list[float] = []
    masking: list[float] = []
    sizes: list[int] = []
    mask = llguidance.numpy.allocate_token_bitmask(1, ll.vocab_size)
    for row in list(read_rows(str(ROWS)))[:rows]:
        conversation = from_row(row)
        tools = offered(conversation.tools, every)
        text = write([message for message in conversation.messages if not isinstance(message, System)], tools)
        start = time.thread_time()
        grammar = dialogue(tools, FORM)
        made = time.thread_time()
        matcher = LLMatcher(ll, grammar.lark)
        compiling.append(time.thread_time() - made)
        making.append(made - start)
        sizes.append(len(grammar.lark))
        for token in tokenizer.encode(text).ids:
            start = time.thread_time()
            llguidance.numpy.fill_next_token_bitmask(matcher, mask)
            masking.append(time.thread_time() - start)
            if not matcher.consume_token(token):
                raise SystemExit(f"the grammar refuses what the writer wrote: {matcher.get_error()}")
        if not matcher.is_accepting():
            raise SystemExit("the grammar does not end where the writer ended")
    results.keep(
        "grammar",
        {
            "tools": TOOLS,
            "vocabulary": ll.vocab_size,
            "tokens": len(masking),
            "make_ms_p50": at(making, 50, 1e3),
            "compile_ms_p50": at(compiling, 50, 1e3),
            "compile_ms_max": at(compiling, 100, 1e3),
            "mask_us_p50": at(masking, 50, 1e6),
            "mask_us_p99": at(masking, 99, 1e6),
            "lark_characters": int(np.median(sizes)),
        },
    )


def at(values: Sequence[float], share: float, unit: float) -> float:
    """A percentile of times in seconds, in another unit."""
    return round(float(np.percentile(values, share)) * unit, 2)


def definitions(toolkit: str) -> Iterator[dict[str, Json]]:
    """The built-in tools as function definitions."""
    for tool in builtin.load(toolkit):
        yield {"name": tool.name, "description": tool.description, "parameters": tool.parameters}


def offered(own: Sequence[dict[str, Json]], every: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    """A conversation's own tools, and others up to ``TOOLS``."""
    names = {tool["name"] for tool in own}
    return [*own, *(tool for tool in every if tool["name"] not in names)][:TOOLS]


def vocabulary() -> tuple[Tokenizer, LLTokenizer]:
    """A byte-pair encoding trained on our own sources and rows and on the standard library."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer, LLTokenizer(tokenizer.to_str(), eos_token=tokenizer.token_to_id("<|end|>"))


def corpus() -> Iterator[str]:
    """Texts to learn tokens from."""
    own = [path for folder in ("src", "docs", "tests") for path in sorted((ROOT / folder).rglob("*"))]
    library = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    for path in (*own, *library):
        if path.suffix in (".py", ".yaml", ".md", ".jsonl"):
            yield path.read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
