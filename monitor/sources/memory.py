"""Memory that is let go of and taken again with every block."""

from functools import cache

import numpy as np
import pyarrow as pa

LARGEST_KEPT_BYTES = 31 << 20  # just below the most that the GNU C library adapts to


@cache
def keep_freed() -> None:
    """Have one allocator for Arrow and numpy, the C library's, and have it keep what is freed for the next time.

    The GNU C library takes pieces beyond a threshold from the system one by one, and gives them back at once; taking
    them again costs a fault a page, up to a third of the time of reading. The threshold rises to the largest piece that
    was ever freed: this one, which is never touched and so takes no room. Elsewhere nothing comes of it. Arrow's own
    allocators hold back what numpy could use.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    np.empty(LARGEST_KEPT_BYTES, np.uint8)
