"""Random numbers inside kernels: one word of state, passed along, so that a seed is a run.

The generator is Marsaglia's xorshift with a multiplication (doi:10.18637/jss.v008.i14).
"""

import numpy as np

from matching.compiled import tiny


def seeded(seed: int) -> np.ndarray:
    """(1,) the state of a generator; never zero, and near seeds give far states."""
    word = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    return np.maximum(word, np.uint64(1))


@tiny
def fraction(rng: np.ndarray) -> float:
    """A double in [0, 1)."""
    word = rng[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    rng[0] = word
    return ((word * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@tiny
def below(rng: np.ndarray, count: int) -> int:
    """A whole number in 0..count - 1."""
    return int(fraction(rng) * count)
