"""Rules that only the audit checks: evaluations and reviews that no decision of the model is bound by."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

_CHECKS = (
    ("plan_is_consistent", "方案各表自洽", Basis.LOCAL, Effect.RIGID, "本规划表格口径", "A"),
    ("operation_matches_plan", "运行结果与方案一致", Basis.LOCAL, Effect.RIGID, "本规划表格口径", "A"),
    (
        "class_size_standard",
        "班额达标（小学≤45、初中≤50）",
        Basis.EVALUATION,
        Effect.EVALUATION,
        "教督〔2017〕6号政府保障第5项",
        "A",
    ),
    (
        "catchment_share",
        "就近划片入学比例（小学100%、初中95%）",
        Basis.EVALUATION,
        Effect.EVALUATION,
        "教督〔2017〕6号政府保障第13项",
        "A",
    ),
    ("entry_grade_classes", "起始年级班额", Basis.POLICY, Effect.EVALUATION, "国发〔2016〕40号", "B"),
    ("kindergarten_class_size", "幼儿园班额", Basis.LAW, Effect.EVALUATION, "幼儿园工作规程第十一条", "A"),
    ("small_schools", "小规模学校复核清单", Basis.POLICY, Effect.ADVISORY, "国办发〔2018〕27号", "B"),
    ("coverage_radius", "服务半径覆盖", Basis.TECHNICAL, Effect.ADVISORY, "GB 50180-2018 附录C", "C"),
    ("seats_before_children", "学位等人：入学前学位足够", Basis.LOCAL, Effect.OWN, "学位等人行动", "A"),
    ("alert_level", "学位预警等级", Basis.LOCAL, Effect.ADVISORY, "学位预警办法（红、黄及富余）", "B"),
)

for _name, _title, _basis, _effect, _source, _certainty in _CHECKS:
    register(Rule(_name, _title, _basis, _effect, _source, _certainty, in_model=False))
