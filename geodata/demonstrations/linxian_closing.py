"""临县: what people said of closing some schools, steps taken and arrangements made, all of it invented."""

from __future__ import annotations

import pandas as pd

# school_id, kind, date, asked, in_favor, against, travel_safe, meals_enough, text, adopted, reason
_OPINIONS = (
    ("S070", "hearing", "2021-06-08", 30, 9, 21, "", "", "到镇上要过两道沟，多数家长不同意撤", "adopted", "保留办学"),
    ("S112", "survey", "2021-05-20", 15, 4, 11, "", "", "低年级孩子小，希望在村里上学", "adopted", "保留教学点"),
    (
        "S094",
        "meeting",
        "2021-05-27",
        18,
        10,
        8,
        "no",
        "",
        "沿沟公路没有人行道，雨季有塌方",
        "adopted",
        "道路改造前不撤",
    ),
    ("S124", "survey", "2021-06-02", 12, 9, 3, "yes", "no", "接收学校食堂坐不下", "partly", "食堂扩建后再议"),
    ("S114", "survey", "2020-11-12", 12, 4, 8, "", "", "担心没有校车", "adopted", "暂缓，落实校车后再征求意见"),
    ("S114", "survey", "2021-06-15", 12, 9, 3, "yes", "yes", "校车已开通", "adopted", "按程序办理"),
    (
        "S116",
        "hearing",
        "2021-06-10",
        10,
        8,
        2,
        "yes",
        "yes",
        "同意并入镇上小学，希望补助交通费",
        "partly",
        "过渡期内发放交通补助",
    ),
)
_STEPS = ("draft", "consultation", "notice", "hearing", "expert", "risk", "legal", "deliberation", "approval", "filing")
_DAYS = (
    *("2021-03-15", "2021-04-12", "2021-05-06", "2021-06-10", "2021-07-08"),
    *("2021-07-20", "2021-08-05", "2021-09-17", "2021-10-11", "2021-11-02"),
)
# school_id, how many of the steps are done
_DONE = (("S116", 10), ("S114", 6), ("S118", 3))
# school_id, following_share, transition_until, building_use, teachers
_ARRANGED = (
    ("S116", 0.8, 2024, "kindergarten", "随学生到接收学校"),
    ("S114", None, None, "practice", "县域内统筹调配"),
)


def closing_tables() -> dict[str, pd.DataFrame]:
    """Tables `opinions`, `procedure` and `arrangements`."""
    names = ["school_id", "kind", "date", "asked", "in_favor", "against", "travel_safe", "meals_enough"]
    opinions = pd.DataFrame(_OPINIONS, columns=[*names, "text", "adopted", "reason"]).assign(
        source="家长和村民代表", stage="primary"
    )
    steps = [
        (school, step, day) for school, done in _DONE for step, day in list(zip(_STEPS, _DAYS, strict=True))[:done]
    ]
    arranged = ["school_id", "following_share", "transition_until", "building_use", "teachers"]
    return {
        "opinions": opinions,
        "procedure": pd.DataFrame(steps, columns=["school_id", "step", "date"]).assign(stage="primary"),
        "arrangements": pd.DataFrame(_ARRANGED, columns=arranged).assign(stage="primary"),
    }
