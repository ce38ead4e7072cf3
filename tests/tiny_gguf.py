"""A GGUF file of a few hundred kilobytes: a llama with random weights, the vocabulary of ``random_model`` and a chat template.

Its residual stream has one constant direction, through which each token is given an inclination of its own: what ends
something (a quote, a closing tag, the answer) is likelier than by chance, so that strings end after a dozen tokens or
so. Everything else is noise from a seed.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from random_model import vocabulary

WIDTH, LAYERS, HEADS, INNER = 32, 2, 1, 64
CONTEXT = 32_768
CONSTANT = 6.0  # what every token's embedding holds in its first place
QUOTE, ENDS, ODD = (
    8.0,
    5.0,
    -6.0,
)  # inclinations, in units of a logit; without the first, greedy answers never end
TEMPLATE = (
    "{% for message in messages %}[{{ message['role'] }}] {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant] {% endif %}"
)


def write(path: Path, seed: int = 0) -> None:
    """Write the model; the same seed, the same bytes."""
    import gguf

    rng = np.random.default_rng(seed)
    tokens, merges, kinds = _tokens()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_merges(merges)
    writer.add_token_types(kinds)
    writer.add_eos_token_id(0)
    writer.add_bos_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, weights in _weights(rng, len(tokens)).items():
        writer.add_tensor(f"{name}.weight", weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _tokens() -> tuple[list[str], list[str], list[int]]:
    """Tokens and merges as the tokenizer spells them, and what each token is (1 ordinary, 3 control)."""
    model = json.loads(vocabulary()[0].to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    assert tokens[0] == "<|end|>"
    return tokens, merges, [3] + [1] * (len(tokens) - 1)


def _inclinations() -> NDArray[np.float32]:
    _, ll = vocabulary()
    texts = [ll.decode_bytes([token]) for token in range(ll.vocab_size)]
    leans = np.zeros(len(texts), dtype=np.float32)
    for token, text in enumerate(texts):
        if token == ll.eos_token or text in (b'"', b"}", b"]") or text.startswith(b"</"):
            leans[token] = QUOTE if text == b'"' else ENDS
        elif not text.strip() or not all(32 <= byte < 127 for byte in text):
            leans[token] = ODD
    return leans


def _weights(rng: np.random.Generator, count: int) -> dict[str, NDArray[np.float32]]:
    def noise(*shape: int, scale: float = 1.0) -> NDArray[np.float32]:
        return rng.normal(0.0, scale / shape[-1] ** 0.5, shape).astype(np.float32)

    def beside(weights: NDArray[np.float32]) -> NDArray[np.float32]:
        weights[0] = 0.0  # nothing is added to the constant
        return weights

    ones = np.ones(WIDTH, dtype=np.float32)
    found = {"token_embd": noise(count, WIDTH, scale=WIDTH**0.5)}
    found["token_embd"][:, 0] = CONSTANT
    for layer in range(LAYERS):
        own = {
            "attn_norm": ones,
            "attn_q": noise(WIDTH, WIDTH),
            "attn_k": noise(WIDTH, WIDTH),
            "attn_v": noise(WIDTH, WIDTH),
            "attn_output": beside(noise(WIDTH, WIDTH)),
            "ffn_norm": ones,
            "ffn_gate": noise(INNER, WIDTH),
            "ffn_up": noise(INNER, WIDTH),
            "ffn_down": beside(noise(WIDTH, INNER)),
        }
        found |= {f"blk.{layer}.{name}": weights for name, weights in own.items()}
    found["output_norm"] = ones
    found["output"] = noise(count, WIDTH)
    after_norm = CONSTANT / ((CONSTANT**2 + WIDTH - 1) / WIDTH) ** 0.5
    found["output"][:, 0] = _inclinations() / after_norm
    return found
