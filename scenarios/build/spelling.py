"""Official spellings that machine pinyin gets wrong, and English names; recalled.

``POLYPHONES`` maps the beginning of a place name to its syllables; it holds for every region whose name
begins so
unless ``POLYPHONES_BY_CODE`` names the region itself.
"""

from __future__ import annotations

POLYPHONES = {
    line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1]
    for line in """
重庆 chong qing
六安 lu an
六合 lu he
亳州 bo zhou
乐山 le shan
长治 chang zhi
长沙 chang sha
长春 chang chun
厦门 xia men
番禺 pan yu
丽水 li shui
蔚县 yu xian
浚县 xun xian
东阿 dong e
铅山 yan shan
牟平 mu ping
中牟 zhong mu
台州 tai zhou
天台 tian tai
会理 hui li
会泽 hui ze
会宁 hui ning
会东 hui dong
会同 hui tong
涡阳 guo yang
歙县 she xian
黟县 yi xian
井陉 jing xing
洪洞 hong tong
乐亭 lao ting
乐清 yue qing
大城 dai cheng
繁峙 fan shi
单县 shan xian
莘县 shen xian
犍为 qian wei
荥经 ying jing
珙县 gong xian
北碚 bei bei
綦江 qi jiang
涪陵 fu ling
尉犁 yu li
尉氏 wei shi
疏勒 shu le
巴音郭楞 ba yin guo leng
西藏 xi zang
柞水 zha shui
行唐 xing tang
那曲 na qu
蕲春 qi chun
郧西 yun xi
监利 jian li
耒阳 lei yang
郴州 chen zhou
宕昌 tan chang
枞阳 zong yang
濉溪 sui xi
泌阳 bi yang
武陟 wu zhi
婼羌 ruo qiang
若羌 ruo qiang
盱眙 xu yi
邳州 pi zhou
睢宁 sui ning
睢县 sui xian
隰县 xi xian
吴堡 wu bu
长武 chang wu
长子 zhang zi
儋州 dan zhou
重阳 chong yang
句容 ju rong
曲阜 qu fu
曲靖 qu jing
莒县 ju xian
郓城 yun cheng
鄄城 juan cheng
茌平 chi ping
临朐 lin qu
兖州 yan zhou
栖霞 qi xia
獐子 zhang zi
秭归 zi gui
汨罗 mi luo
枝江 zhi jiang
漯河 luo he
瀍河 chan he
渑池 mian chi
荥阳 xing yang
砀山 dang shan
弋阳 yi yang
婺源 wu yuan
鄱阳 po yang
瓯海 ou hai
嵊州 sheng zhou
嵊泗 sheng si
鄞州 yin zhou
朝阳 chao yang
勐海 meng hai
勐腊 meng la
孟连 meng lian
筠连 jun lian
郫都 pi du
叙永 xu yong
什邡 shi fang
阆中 lang zhong
色达 se da
巴塘 ba tang
得荣 de rong
澧县 li xian
长阳 chang yang
长顺 chang shun
长宁 chang ning
长泰 chang tai
长汀 chang ting
长乐 chang le
长丰 chang feng
长垣 chang yuan
长葛 chang ge
长兴 chang xing
长海 chang hai
长岛 chang dao
长白 chang bai
长岭 chang ling
长安 chang an
长寿 chang shou
长清 chang qing
长洲 chang zhou
朝天 chao tian
潮阳 chao yang
大埔 da bu
解放 jie fang
哈巴河 ha ba he
阿克苏 a ke su
東阿 dong e
马尾 ma wei
伽师 jia shi
浪卡子 lang ka zi
红寺堡 hong si bu
称多 chen duo
珲春 hun chun
万柏林 wan bai lin
泊头 bo tou
龙圩 long xu
覃塘 qin tang
""".strip().splitlines()
}

CHARACTERS = {"都": "du", "什": "shi", "勒": "le", "佛": "fo", "曾": "zeng", "蚌": "beng"}
"""How these are read in every place name, whatever the word before or after them."""

ENGLISH = {
    "150000": "Inner Mongolia",
    "540000": "Tibet",
    "610000": "Shaanxi",
    "140000": "Shanxi",
    "500000": "Chongqing",
    "650000": "Xinjiang",
    "640000": "Ningxia",
    "450000": "Guangxi",
    "710000": "Taiwan",
    "810000": "Hong Kong",
    "820000": "Macao",
    "150100": "Hohhot",
    "150200": "Baotou",
    "150600": "Ordos",
    "150700": "Hulunbuir",
    "150800": "Bayannur",
    "150900": "Ulanqab",
    "152200": "Hinggan",
    "152500": "Xilingol",
    "152900": "Alxa",
    "230100": "Harbin",
    "230200": "Qiqihar",
    "230600": "Daqing",
    "513200": "Ngawa",
    "513300": "Garzê",
    "513400": "Liangshan",
    "540100": "Lhasa",
    "540200": "Xigazê",
    "540300": "Qamdo",
    "540400": "Nyingchi",
    "540500": "Shannan",
    "542400": "Nagqu",
    "542500": "Ngari",
    "533400": "Dêqên",
    "623000": "Gannan",
    "632200": "Haibei",
    "632300": "Huangnan",
    "632600": "Golog",
    "632700": "Yushu",
    "632800": "Haixi",
    "650100": "Ürümqi",
    "650200": "Karamay",
    "650400": "Turpan",
    "650500": "Hami",
    "652300": "Changji",
    "652700": "Bortala",
    "652800": "Bayingolin",
    "652900": "Aksu",
    "653000": "Kizilsu",
    "653100": "Kashgar",
    "653131": "Taxkorgan",
    "653200": "Hotan",
    "654000": "Ili",
    "654200": "Tacheng",
    "654300": "Altay",
}

ALSO_ENGLISH = {
    "540000": ("Xizang",),
    "540200": ("Shigatse", "Xigaze"),
    "650100": ("Urumqi",),
    "653100": ("Kashi",),
    "513200": ("Aba",),
    "513300": ("Garze", "Ganzi"),
    "533400": ("Diqing", "Deqen", "Shangri-La"),
    "542400": ("Naqu",),
    "150900": ("Wulanchabu",),
    "653200": ("Khotan", "Hetian"),
    "632600": ("Guoluo",),
    "820000": ("Macau",),
}

FORMER = {  # former names of prefectures and a few counties: recalled
    "530800": ("思茅市", "思茅地区"),
    "530700": ("丽江地区",),
    "430800": ("大庸市",),
    "420600": ("襄樊市",),
    "520500": ("毕节地区",),
    "520600": ("铜仁地区",),
    "630200": ("海东地区",),
    "540200": ("日喀则地区",),
    "540300": ("昌都地区",),
    "540400": ("林芝地区",),
    "540500": ("山南地区",),
    "650400": ("吐鲁番地区",),
    "650500": ("哈密地区",),
    "533401": ("中甸县",),
    "341000": ("徽州地区",),
    "621200": ("武都地区",),
    "632700": ("玉树州",),
}
