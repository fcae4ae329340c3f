"""What a planner reads when a scenario is wrong, and what a right one becomes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from simulator.errors import InputError
from simulator.language import Language, use_language
from simulator.scenario import PhaseSettings, Scenario, read_scenario
from simulator.scenario.explain import fields_at
from simulator.terms import AreaKind, Stage

WHOLE = """
title = "甲区"
[district]
folder = "district"
"""


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    """Stand in an empty folder, so that messages name files as the planner does."""
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.lstrip("\n"), encoding="utf-8")
    return path


def complaint(text: str, name: str = "high.toml") -> str:
    with pytest.raises(InputError) as caught:
        read_scenario(write(name, text))
    assert caught.value.exit_code == 2
    return str(caught.value)


def message(text: str) -> str:
    return text.strip("\n")


def test_every_problem_at_once():
    """All mistakes of one file stand in one message, each with its line, in the order of the file."""
    said = complaint("""
title = "甲区"
[district]
folder = "district"

[horizon]
base_year = 2025
target_year = 2020

[projection]
variant = "hihg"
late_entry_share = 1.5
retention = "0.99"

[seats]
fil = 0.9
use_area = 1

[outputs]
dpi = 300.5
maps = ["schools", "catchment"]
""")
    assert said == message("""
high.toml：8 个问题
  第 7 行   horizon.target_year = 2020：不晚于基准年 base_year = 2025
  第 10 行  projection.variant = "hihg"：应为 low、medium、high 之一；是否想写 high？
  第 11 行  projection.late_entry_share = 1.5：不能大于 1
  第 12 行  projection.retention = "0.99"：应为数字
  第 15 行  seats.fil = 0.9：没有这项设置；是否想写 fill？
  第 16 行  seats.use_area = 1：应为 true 或 false
  第 19 行  outputs.dpi = 300.5：应为整数
  第 20 行  outputs.maps[2] = "catchment"：没有这种图；是否想写 catchments？
""")


@pytest.mark.parametrize(
    ("added", "line"),
    [
        ("[acces]\nnearest = 3", "第 4 行  acces：没有这项设置；是否想写 access？"),
        (
            "[horizon]\nlead_years_new = 3",
            "第 5 行  horizon.lead_years_new = 3：没有这项设置；是否想写 timing.lead_years_new？",
        ),
        ("[objective]\nmoved = -1", "第 5 行  objective.moved = -1：不能小于 0"),
        ("[access]\nwalking_kmh = 0", "第 5 行  access.walking_kmh = 0：应大于 0"),
        ("[access]\nwalking_kmh = inf", "第 5 行  access.walking_kmh = inf：应为有限的数"),
        (
            "[access]\ndetour = { planes = 1.2 }",
            "第 5 行  access.detour.planes = 1.2：应为 plain、hill、mountain、island 之一；是否想写 plain？",
        ),
        ("[access]\ndetour = 1.3", "第 5 行  access.detour = 1.3：应为表，形如 [access.detour]"),
        ("[solver]\nwork_limit = true", "第 5 行  solver.work_limit = true：应为整数"),
        ('[solver]\nname = ""', '第 5 行  solver.name = ""：不能为空'),
        ("[outputs]\nauthor = 2025-01-01", "第 5 行  outputs.author = 2025-01-01：应为加引号的文字"),
        ("[phases]\nfirst_year = 2026", "第 4 行  phases：这里可以有若干项，每一项的表名写成双方括号 [[phases]]"),
        ("[[horizon]]\nbase_year = 2025", "第 4 行  horizon：应为表，形如 [horizon]"),
        (
            '[[access.limits]]\nstage = "primary"',
            "第 4 行  access.limits[1].minutes：缺少这一项（单程通学时间上限，分钟，按合法的最快方式）",
        ),
        (
            '[[access.limits]]\nstage = "小学"\nminutes = 20\ngrade_from = 3\ngrade_to = 1',
            '第 5 行  access.limits[1].stage = "小学"：应为 kindergarten、primary、junior、senior、vocational、special 之一',
        ),
        (
            '[[access.limits]]\nstage = "primary"\nminutes = 20\ngrade_from = 3\ngrade_to = 1',
            "第 8 行  access.limits[1].grade_to = 1：低于最低年级 grade_from = 3",
        ),
        (
            "[projection]\njunior_to_senior = 0.7\njunior_to_vocational = 0.4",
            "第 6 行  projection.junior_to_vocational = 0.4：与 junior_to_senior 之和为 1.1，大于 1",
        ),
        (
            "[projection]\njunior_to_senior = 0.7",
            "第 4 行  projection.junior_to_vocational：与 junior_to_senior 之和为 1.03，大于 1",
        ),
        (
            "[budget]\ncapital_wan = [100, 200]",
            "第 5 行  budget.capital_wan = [100, 200]：写了 2 个数，应为 7 个：第 1 期之前 1 个，再每期 1 个（共 6 期）",
        ),
        (
            '[[decisions]]\nplace = "x1"\ndecision = "burn"',
            '第 6 行  decisions[1].decision = "burn"：应为 keep、close、build、extend、forbid、assign 之一',
        ),
        (
            '[[decisions]]\nplace = "x1"\ndecision = "close"\nyear = 2040',
            "第 7 行  decisions[1].year = 2040：不在规划年份 2026—2035 之内",
        ),
        (
            '[[decisions]]\nplace = "x1"\ndecision = "keep"\n[[decisions]]\nplace = "x1"\ndecision = "keep"',
            '第 8 行  decisions[2].place = "x1"：与第 1 项已定事项重复',
        ),
        (
            "[[phases]]\nfirst_year = 2025\nlast_year = 2035",
            "第 5 行  phases[1].first_year = 2025：第 1 期不晚于基准年 base_year = 2025",
        ),
        (
            "[[phases]]\nfirst_year = 2026\nlast_year = 2030\n[[phases]]\nfirst_year = 2032\nlast_year = 2035",
            "第 8 行  phases[2].first_year = 2032：第 2 期应接着上一期，从 2031 年开始",
        ),
        (
            "[[phases]]\nfirst_year = 2026\nlast_year = 2030",
            "第 6 行  phases[1].last_year = 2030：最后一期应到规划目标年 target_year = 2035",
        ),
        (
            "[[phases]]\nfirst_year = 2035\nlast_year = 2026",
            "第 6 行  phases[1].last_year = 2026：早于本期起始年 first_year = 2035",
        ),
        (
            '[rules]\noff = ["travel_within_limits"]',
            '第 5 行  rules.off[1] = "travel_within_limits"：没有这条规则；是否想写 travel_within_limit？',
        ),
        (
            '[rules]\noff = ["travel_within_limit"]\non = ["travel_within_limit"]',
            '第 5 行  rules.off[1] = "travel_within_limit"：同一条规则既打开又关闭',
        ),
        (
            '[standards]\nfiles = ["national.toml", "natonal.toml"]',
            '第 5 行  standards.files[2] = "natonal.toml"：找不到规范文件；是否想写 national.toml？',
        ),
        (
            "[standards.figures]\nclass_size.primry = 40",
            "第 5 行  standards.figures.class_size.primry = 40：规范文件中没有这项数据；是否想写 class_size.primary？",
        ),
        (
            '[standards.figures]\n"class_size.primary" = "40"',
            '第 5 行  standards.figures.class_size.primary = "40"：应为数字',
        ),
    ],
)
def test_one_problem(added, line):
    """A mistake is told with its line, its key, its value and what would be right."""
    assert complaint(WHOLE + added) == f"high.toml：1 个问题\n  {line}"


@pytest.mark.parametrize(
    ("text", "where_and_what"),
    [
        ('title = "a"\nx 1\n', "bad.toml:2:3  键后面缺少等号 =：x 1"),
        ("title = 'a'\n[horizon\n", "bad.toml:2:9  表名后面缺少右方括号 ]：[horizon"),
        ('folder = "C:\\data"\n', 'bad.toml:1:15  引号中不能直接写 \\，文件夹请用 / 分隔：folder = "C:\\data"'),
        ("a = 1\na = 2\n", "bad.toml:2:6  同一个键写了两次，或键与表重名：a = 2"),
        ("a = 1 2\n", "bad.toml:1:7  这个值之后有多余的内容：a = 1 2"),
        ("a = [1\nb = 2\n", "bad.toml:2:1  方括号没有成对，或各项之间缺少逗号：b = 2"),
        ("a = 甲\n", "bad.toml:1:5  读不懂这个值，文字要加引号，小数点前要有数字：a = 甲"),
        ("标题 = 1\n", "bad.toml:1:1  读不懂这一行，应为“键 = 值”或“[表名]”：标题 = 1"),
        ('a = "x\n', 'bad.toml:1:7  引号没有成对：a = "x'),
    ],
)
def test_syntax(text, where_and_what):
    """What is not TOML is told as file:line:column, with the line."""
    assert complaint(text, "bad.toml") == f"bad.toml：1 个问题\n  {where_and_what}"


def test_files_that_cannot_be_read():
    """A missing file, a folder and a file in another encoding are told apart."""
    Path("folder").mkdir()
    Path("gbk.toml").write_bytes('title = "甲区"'.encode("gbk"))
    said = []
    for name in ("none.toml", "folder", "gbk.toml"):
        with pytest.raises(InputError) as caught:
            read_scenario(name)
        said.append(str(caught.value).split("\n  ")[1])
    assert said == [
        "none.toml  找不到这个文件 → 检查文件名和所在文件夹",
        "folder  这是文件夹，不是文件 → 写出 .toml 文件的全名",
        "gbk.toml  不是 UTF-8 编码的文本 → 用记事本“另存为”，编码选 UTF-8",
    ]


def test_empty_scenario():
    """An empty file lacks a title and a district; no line can be named."""
    assert complaint("") == message("""
high.toml：2 个问题
  district：缺少这一项（区域）
  title：缺少这一项（标题，印在所有成果上）
""")


def test_problems_of_the_whole_chain():
    """Mistakes of an extended file stand beside those of the file itself, under its own name and lines."""
    write("common/base.toml", WHOLE + '[seats]\nfil = 1\n[timing]\noverlap_years = "一年"\n')
    said = complaint(
        """
extends = "../common/base.toml"
[timing]
overlap_years = 9
[horizon]
taget_year = 2030
""",
        "studies/high.toml",
    )
    # The child's overlap_years hides the parent's: only what is in force is told.
    assert said == message("""
studies/high.toml：3 个问题
  第 3 行                   timing.overlap_years = 9：不能大于 5
  第 5 行                   horizon.taget_year = 2030：没有这项设置；是否想写 target_year？
  common/base.toml 第 5 行  seats.fil = 1：没有这项设置；是否想写 fill？
""")


def test_extends_merges_tables_and_replaces_lists():
    """Tables merge key by key at any depth; lists and single values of the upper file replace."""
    write(
        "a.toml",
        WHOLE
        + """
[projection]
births_trend = { low = -0.1, high = 0.02 }
[outputs]
maps = ["schools", "layout"]
dpi = 150
[standards.figures]
class_size.primary = 40
[[phases]]
first_year = 2026
last_year = 2030
[[phases]]
first_year = 2031
last_year = 2035
""",
    )
    write(
        "b.toml",
        'extends = "a.toml"\ntitle = "乙"\n[projection.births_trend]\nhigh = 0.03\n[outputs]\nmaps = ["moves"]\n',
    )
    scenario = read_scenario(
        write(
            "c.toml",
            """
extends = "b.toml"
[standards.figures]
"class_size.primary" = 42
"class_size.junior" = 48
[[phases]]
first_year = 2026
last_year = 2035
""",
        )
    )
    assert scenario.title == "乙"
    assert scenario.projection.births_trend == {"low": -0.1, "medium": -0.025, "high": 0.03}
    assert scenario.outputs.maps == ("moves",)
    assert scenario.outputs.dpi == 150
    assert scenario.standards.figures == {"class_size.primary": 42.0, "class_size.junior": 48.0}
    assert scenario.phases == (PhaseSettings(first_year=2026, last_year=2035),)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"a.toml": 'extends = "b.toml"', "b.toml": '\n\nextends = "c.toml"', "c.toml": 'extends = "b.toml"'},
            'c.toml 第 1 行  extends = "b.toml"：循环引用（b.toml → c.toml → b.toml）',
        ),
        ({"a.toml": 'extends = "a.toml"'}, '第 1 行  extends = "a.toml"：循环引用（a.toml → a.toml）'),
        (
            {"a.toml": 'extends = "b.toml"', "b.toml": 'extends = "bse.toml"', "base.toml": WHOLE},
            'b.toml 第 1 行  extends = "bse.toml"：找不到 bse.toml（a.toml → b.toml → bse.toml）；是否想写 base.toml？',
        ),
        ({"a.toml": "extends = 3"}, "第 1 行  extends = 3：应为加引号的文件名"),
        ({"a.toml": 'extends = ""'}, '第 1 行  extends = ""：应为加引号的文件名'),
        (
            {"a.toml": 'extends = "b.toml"\n[seats]\nfil = 1', "b.toml": "x = = 1"},
            "第 3 行  seats.fil = 1：没有这项设置；是否想写 fill？\n  b.toml:1:5  读不懂这个值，文字要加引号，小数点前要有数字：x = = 1",
        ),
    ],
)
def test_broken_chain(files, said):
    """A chain that goes in a circle or ends nowhere is named file by file; other mistakes are still told."""
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_scenario("a.toml")
    assert str(caught.value).split("\n", 1)[1].strip() == said


def test_paths_are_relative_to_the_file_that_names_them():
    """The district named by an extended file is found beside that file; norm files likewise."""
    write("common/base.toml", 'title = "甲"\n[district]\nfolder = "..\\\\geodata\\\\jia"\n')
    write("studies/local.toml", 'title = "地方标准"\n')
    scenario = read_scenario(
        write(
            "studies/high.toml",
            'extends = "../common/base.toml"\n[standards]\nfiles = ["national.toml", "./local.toml"]\n',
        )
    )
    assert scenario.district.folder == Path("geodata/jia").resolve()
    assert scenario.standards.files == ("national.toml", str(Path("studies/local.toml").resolve()))


def test_windows_text():
    """A file saved by Notepad, with a byte order mark and Windows line ends, reads the same."""
    Path("win.toml").write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert read_scenario("win.toml") == read_scenario(write("unix.toml", WHOLE))


def test_partial_tables_keep_their_defaults():
    """Naming one kind of area leaves the rate of the others."""
    scenario = read_scenario(write("a.toml", WHOLE + "[projection.migration]\nvillage = -0.03\n"))
    assert scenario.projection.migration == {AreaKind.CITY: 0.005, AreaKind.TOWN: 0.0, AreaKind.VILLAGE: -0.03}
    assert scenario.projection.housing_yield[Stage.PRIMARY] == 19.6


@pytest.mark.parametrize(
    ("target", "phases"),
    # base 2025: five single years 2026–2030, then 2031–2035, then 2036 to the end
    [
        (2027, [(2026, 2026), (2027, 2027)]),
        (2030, [(year, year) for year in range(2026, 2031)]),
        (2035, [*((year, year) for year in range(2026, 2031)), (2031, 2035)]),
        (2040, [*((year, year) for year in range(2026, 2031)), (2031, 2035), (2036, 2040)]),
    ],
)
def test_default_phases(target, phases):
    """Without phases the plan has five of one year, one of five, and one to the target year."""
    scenario = Scenario(title="甲", district={"folder": "x"}, horizon={"target_year": target})
    assert [(phase.first_year, phase.last_year) for phase in scenario.plan_phases] == phases
    assert [scenario.phase_of(year) for year in (2025, 2026, target)] == [0, 1, len(phases)]


def test_a_scenario_built_in_python_is_checked_too():
    """Groups that disagree are refused wherever the scenario comes from."""
    with pytest.raises(ValueError, match=r"budget.capital_wan：写了 1 个数，应为 7 个"):
        Scenario(title="甲", district={"folder": "x"}, budget={"capital_wan": (5.0,)})


@pytest.mark.parametrize(
    "wrong", ["{ a = 1 }", "[[1]]", "[{ a = 1 }]", "true", '"?"', "1e999", "-7", "99999999999999999999"]
)
def test_no_english_leaks(wrong):
    """A wrong kind of value in any setting is told in Chinese words, never in the library's."""
    groups = [group for group in Scenario.model_fields if fields_at((group,)) and group not in {"phases", "decisions"}]
    lines = [line for group in groups for line in (f"[{group}]", *(f"{key} = {wrong}" for key in fields_at((group,))))]
    said = complaint("\n".join(["title = 1", *lines]))
    assert said.count("\n") > len(groups)
    assert "Input should" not in said
    assert "不能用这个值" not in said


def test_english():
    """The same messages are English when English is spoken, as far as the catalogue is installed."""
    catalogue = Path(__file__).parents[1] / "simulator" / "locale" / "en" / "LC_MESSAGES" / "simulator.mo"
    if not catalogue.is_file():
        pytest.skip("the English catalogue is compiled at build time")
    use_language(Language.EN)
    try:
        said = complaint(WHOLE + "[seats]\nfil = 1\n")
    finally:
        use_language(Language.ZH)
    assert said == "high.toml: 1 problem(s)\n  line 5  seats.fil = 1: not a known setting; did you mean fill?"


def test_reading_is_light():
    """Neither tables nor solvers are loaded to read a scenario."""
    code = (
        "import sys, simulator.scenario; "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'pandas', 'numpy', 'geopandas', 'pulp'}))"
    )
    done = subprocess.run(  # noqa: S603  the command is our own
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert done.stdout.strip() == "[]"
