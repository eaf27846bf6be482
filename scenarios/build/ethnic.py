"""Names of the 55 ethnic groups as place names write them, the longest first."""

from __future__ import annotations

GROUPS = (
    "乌孜别克族",
    "柯尔克孜族",
    "维吾尔族",
    "哈萨克族",
    "塔吉克族",
    "鄂温克族",
    "鄂伦春族",
    "达斡尔族",
    "俄罗斯族",
    "塔塔尔族",
    "蒙古族",
    "土家族",
    "布依族",
    "朝鲜族",
    "仡佬族",
    "傈僳族",
    "拉祜族",
    "纳西族",
    "景颇族",
    "仫佬族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "德昂族",
    "保安族",
    "裕固族",
    "独龙族",
    "赫哲族",
    "门巴族",
    "珞巴族",
    "基诺族",
    "哈尼族",
    "东乡族",
    "高山族",
    "维吾尔",
    "柯尔克孜",
    "哈萨克",
    "塔吉克",
    "蒙古",
    "锡伯",
    "各族",
    "藏族",
    "回族",
    "苗族",
    "彝族",
    "壮族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "傣族",
    "黎族",
    "畲族",
    "水族",
    "土族",
    "羌族",
    "佤族",
    "怒族",
    "京族",
)


def without_groups(name: str) -> str:
    """The name without the ethnic groups at its end; unchanged where nothing would be left of it."""
    left = name
    while True:
        group = next((g for g in GROUPS if left.endswith(g)), "")
        if not group:
            return left if left else name
        left = left.removesuffix(group)
        if not left:
            return name.removesuffix("族")
