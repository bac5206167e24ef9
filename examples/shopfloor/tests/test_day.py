from shopfloor import plan_day
from shopfloor.stock import Bin

EXPORT = ["# Monday", "1;Ito;PIN-1;3;rush", "2;Adler & Sons;PIN-2;1;", "1;Ito;AXL-5;2;paint"]
BINS = [Bin("A1", "PIN-1", 9, False), Bin("A2", "AXL-5", 1, False), Bin("Q1", "PIN-2", 4, True)]


def plan(**changes):
    day = {
        "export": EXPORT,
        "bins": BINS,
        "scans": ["PIN-1", "smudge"],
        "queue_lengths": [],
        "racks": [0] * 8,
        "capacity": 100,
        "overhead": 60.0,
    }
    return plan_day(**{**day, **changes})


def test_a_small_day():
    day = plan()
    labels = day.pop("labels").splitlines()
    assert day == {
        "waiting": [2],
        "extras": {"rush": 1, "paint": 1, "certificate": 0, "pallet": 0},
        "last_minute": 21,
        "costs": [22.61, 7.54, 79.15],
        "smudged": 1,
        "quietest": 0,
        "outside": [],
    }
    assert [("A1" in label, "A2" in label) for label in labels] == [(True, False), (False, True)]


def test_a_day_off():
    day = plan(export=[], scans=[])
    assert (day["labels"], day["last_minute"], day["costs"]) == ("", 0, [])


def test_the_quietest_moment_lasts_a_whole_window():
    assert plan(queue_lengths=[5] * 150 + [9] * 150)["quietest"] == 9
