"""What a department's files may take: reserved when an upload begins, in the same transaction.

The sum is a row of its own. It changes only in transactions that move the department's head, which are in order, and it
is expected to be what it was read as: so however many uploads begin at once, none goes beyond the quota.
"""

from backend.domain.errors import TooLarge
from backend.repositories.database import ABSENT, Delete, Operation, Put
from backend.repositories.decisions import View
from backend.repositories.tables import GUARDS, bytes_guard


def taking(view: View, department_id: str, more: int, quota: int = 0) -> tuple[Operation, ...]:
    """Adds bytes to what a department's files take, or with a negative number gives them back.

    Raises `TooLarge` where that is more than the quota; a quota of 0 is none.
    """
    key = bytes_guard(department_id)
    there = view.get(GUARDS, key)
    used = 0 if there is None else int(there["used"])
    if quota and more > 0 and used + more > quota:
        detail = f"The files of this department take {used:,} bytes of {quota:,}; {more:,} more are too much"
        raise TooLarge(detail, limit=quota, used=used)
    if more == 0:
        return ()
    expect = ABSENT if there is None else {"used": used}
    if used + more == 0:
        return (Delete(GUARDS, key, expect),)
    return (Put(GUARDS, {**key, "used": used + more}, expect),)
