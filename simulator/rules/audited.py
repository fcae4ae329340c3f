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
    (
        "resource_indicators",
        "七项资源指标六项达标、余项不低于85%",
        Basis.EVALUATION,
        Effect.EVALUATION,
        "教督〔2017〕6号资源配置第1—7项",
        "A",
    ),
    (
        "difference_coefficient",
        "校际差异系数（小学≤0.50、初中≤0.45）",
        Basis.EVALUATION,
        Effect.EVALUATION,
        "教督〔2017〕6号资源配置",
        "A",
    ),
    (
        "music_art_rooms",
        "每12个班有音乐、美术专用教室各1间以上",
        Basis.EVALUATION,
        Effect.EVALUATION,
        "教督〔2017〕6号政府保障第3项",
        "A",
    ),
    ("preschool_inclusion", "学前教育普及普惠", Basis.EVALUATION, Effect.EVALUATION, "教督〔2020〕1号", "A"),
    (
        "private_share",
        "民办义务教育在校生占比",
        Basis.POLICY,
        Effect.ADVISORY,
        "2021年规范民办义务教育发展的要求",
        "B",
    ),
    (
        "migrant_places",
        "随迁子女在公办和政府购买学位就读比例",
        Basis.EVALUATION,
        Effect.EVALUATION,
        "教督〔2017〕6号政府保障第15项",
        "A",
    ),
    ("rural_distance", "农村走读单程距离", Basis.LOCAL, Effect.ADVISORY, "省级农村学校布局规定", "B"),
    ("barrier_crossed", "小学生步行不穿越无通道的阻隔", Basis.TECHNICAL, Effect.ADVISORY, "GB 50099-2011第4章", "C"),
    ("upper_primary_boarding", "农村小学高年级以走读为主", Basis.POLICY, Effect.ADVISORY, "国办发〔2018〕27号", "B"),
    ("bus_needed", "偏远且无公共交通的学生有校车", Basis.LAW, Effect.ADVISORY, "校车安全管理条例第三条", "A"),
    (
        "new_build_classes",
        "新建学校班数不超上限",
        Basis.LOCAL,
        Effect.ADVISORY,
        "鲁政办2018年城镇居住区配套教育设施意见",
        "B",
    ),
    ("land_per_seat", "生均用地", Basis.TECHNICAL, Effect.ADVISORY, "用地标准（按城区、镇区、乡村各用其版本）", "B"),
    (
        "building_per_seat",
        "生均校舍建筑面积",
        Basis.TECHNICAL,
        Effect.ADVISORY,
        "建标〔2002〕102号表4-1（乡村用所选农村标准）",
        "B",
    ),
    ("horizon_reaches", "预测展望不少于十五年", Basis.LOCAL, Effect.ADVISORY, "本规划口径", "B"),
)

for _name, _title, _basis, _effect, _source, _certainty in _CHECKS:
    register(Rule(_name, _title, _basis, _effect, _source, _certainty, in_model=False))
