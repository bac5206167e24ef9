"""What the followers of a job share: every kept step once, however numbers are left out and whatever is let go."""

from hypothesis import given
from hypothesis import strategies as st

from agent.protocols import JobStatus
from api.rest.stream.channel import Channel, Chunks
from storage.following import Standing

ROOM = 50


def standing(last_step: int) -> Standing:
    return Standing(status=JobStatus.RUNNING, detail="", last_step=last_step)


@given(
    gaps=st.lists(st.integers(1, 4), max_size=30),
    beyond=st.integers(0, 3),
    sizes=st.lists(st.integers(1, 30), min_size=30, max_size=30),
    most=st.integers(1, 60),
)
def test_what_is_kept_comes_once(gaps: list[int], beyond: int, sizes: list[int], most: int) -> None:
    channel, number, there = Channel("a1", standing(7)), 7, []
    for gap, size in zip(gaps, sizes, strict=False):
        number += gap
        there.append((number, b"x" * size))
    last = number + beyond
    channel.take(standing(last), Chunks(steps=there, reached=last), ROOM)
    for after in range(last + 2):
        found = channel.after(after, most)
        left = [step for step in there if step[0] > after]
        if found is None:  # the next one was let go, or came before
            assert after < 7 or sum(len(chunk) for _, chunk in left) > ROOM
            continue
        assert list(found.steps) == left[: len(found.steps)]
        assert bool(found.steps) is bool(left)
        assert found.reached == (found.steps[-1][0] if len(found.steps) < len(left) else max(after, last))
