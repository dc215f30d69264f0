"""Whether two sides computed the same."""
import numpy as np


def agree(own: np.ndarray, other: np.ndarray, tolerance: float, case: str) -> None:
    """Fails if the results differ by more than a part of the greatest of them: the peer's rounding."""
    apart = np.abs(own - other).max() / np.abs(other).max()
    if not apart <= tolerance:
        raise SystemExit(f"{case}: results differ by {apart:.1e} of the greatest")
