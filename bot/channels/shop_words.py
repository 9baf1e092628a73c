"""What the demo shop's pages say, in both languages, and how they name the catalogue's attributes."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "hello": "Good coffee, patient tea.",
        "lead": "Machines that last, beans roasted on Tuesdays and Thursdays, and teas from the gardens we know.",
        "browse": "Browse espresso machines",
        "chat": "Talk to us",
        "categories": "Find your way in",
        "fresh": "New on the shelf",
        "all": "Everything",
        "count": "{count} articles",
        "shop": "Shop",
        "skip": "Skip to the content",
        "language": "Language",
        "in_stock": "In stock",
        "few": "Only {count} left",
        "sold_out": "Sold out",
        "preorder": "Pre-order",
        "discontinued": "Discontinued",
        "ready": "Ready to leave our Bristol warehouse",
        "vat": "Price includes VAT",
        "details": "Details",
        "fits": "Goes with",
        "ask": "Ask about this product",
        "not_found": "This page is not here (any more).",
        "trouble": "The shelves cannot be shown right now. Please try again in a moment.",
        "back": "Back to the shop",
        "service": "Customer service",
        "sample": "This is the sample shop that comes with Frontdesk: the business is invented, nothing is for sale.",
        "privacy": "Privacy notice",
        "privacy_text": "This is a demonstration. What you write in the chat is stored in the database of whoever runs "
        "this server, so that the conversation can go on and colleagues can take over. It is not passed on.",
    },
    "zh": {
        "hello": "好咖啡，慢慢茶。",
        "lead": "用得久的机器，每周二、周四新烘的豆子，还有我们熟识的茶山送来的茶。",
        "browse": "看看意式咖啡机",
        "chat": "问问客服",
        "categories": "想找点什么",
        "fresh": "新品上架",
        "all": "全部商品",
        "count": "共 {count} 件",
        "shop": "商店",
        "skip": "跳到正文",
        "language": "语言",
        "in_stock": "有货",
        "few": "仅剩 {count} 件",
        "sold_out": "暂时缺货",
        "preorder": "预订",
        "discontinued": "已停产",
        "ready": "昆山仓库现货发出",
        "vat": "价格已含税",
        "details": "商品参数",
        "fits": "搭配使用",
        "ask": "咨询这件商品",
        "not_found": "这个页面不存在，或者已经下架。",
        "trouble": "暂时无法显示商品，请稍后再试。",
        "back": "回到商店",
        "service": "在线客服",
        "sample": "这是 Frontdesk 自带的示例商店：店铺是虚构的，商品并不出售。",
        "privacy": "隐私说明",
        "privacy_text": "这是一个演示。您在对话里写的内容会保存在运行此服务器的一方的数据库中，"
        "以便对话继续、同事接手；不会转给其他人。",
    },
}

CATEGORIES: dict[str, dict[str, str]] = {
    "espresso-machines": {"en": "Espresso machines", "zh": "意式咖啡机"},
    "grinders": {"en": "Grinders", "zh": "磨豆机"},
    "kettles": {"en": "Kettles", "zh": "水壶"},
    "brewers": {"en": "Brewers", "zh": "冲煮器具"},
    "coffee": {"en": "Coffee", "zh": "咖啡豆"},
    "tea": {"en": "Tea", "zh": "茶叶"},
    "teaware": {"en": "Teaware", "zh": "茶具"},
    "cups": {"en": "Cups and glasses", "zh": "杯具"},
    "scales": {"en": "Scales", "zh": "电子秤"},
    "papers": {"en": "Filter papers", "zh": "滤纸与滤袋"},
    "accessories": {"en": "Accessories", "zh": "配件"},
    "water": {"en": "Water filters", "zh": "净水"},
    "cleaning": {"en": "Cleaning", "zh": "清洁除垢"},
    "spare-parts": {"en": "Spare parts", "zh": "备件"},
    "gift-sets": {"en": "Gift sets", "zh": "礼盒套装"},
    "refurbished": {"en": "Second Flame", "zh": "再燃 官方翻新"},
}

# attribute -> English label, Chinese label, form of the value
_ATTRIBUTES: dict[str, tuple[str, str, str]] = {
    "colour": ("Colour", "颜色", "{}"),
    "material": ("Material", "材质", "{}"),
    "finish": ("Finish", "表面", "{}"),
    "type": ("Type", "类型", "{}"),
    "roast": ("Roast", "烘焙度", "{}"),
    "process": ("Process", "处理法", "{}"),
    "origin": ("Origin", "产地", "{}"),
    "region": ("Region", "产区", "{}"),
    "altitude_m": ("Altitude", "海拔", "{} m"),
    "variety": ("Variety", "品种", "{}"),
    "year": ("Year", "年份", "{}"),
    "water_temp_c": ("Water", "水温", "{} °C"),
    "weight_g": ("Weight", "净重", "{} g"),
    "weight_kg": ("Weight", "重量", "{} kg"),
    "pieces": ("Pieces", "件数", "{}"),
    "sheets": ("Sheets", "张数", "{}"),
    "size": ("Size", "尺寸", "{}"),
    "capacity_ml": ("Capacity", "容量", "{} ml"),
    "capacity_l": ("Capacity", "容量", "{} l"),
    "capacity_g": ("Capacity", "容量", "{} g"),
    "drive": ("Drive", "驱动", "{}"),
    "burr_mm": ("Burrs", "磨盘", "{} mm"),
    "burr_type": ("Burr type", "磨盘类型", "{}"),
    "noise_db": ("Noise", "噪音", "{} dB"),
    "portafilter_mm": ("Portafilter", "手柄口径", "{} mm"),
    "boiler": ("Boilers", "锅炉", "{}"),
    "heating": ("Heating", "加热方式", "{}"),
    "heat_up_s": ("Heats up in", "预热时间", "{} s"),
    "heat_up_min": ("Heats up in", "预热时间", "{} min"),
    "tank_l": ("Water tank", "水箱", "{} l"),
    "pump_bar": ("Pump", "水泵", "{} bar"),
    "brew_pressure_bar": ("Brewing pressure", "萃取压力", "{} bar"),
    "power_w": ("Power", "功率", "{} W"),
    "width_cm": ("Width", "宽", "{} cm"),
    "depth_cm": ("Depth", "深", "{} cm"),
    "height_cm": ("Height", "高", "{} cm"),
    "precision_g": ("Precision", "精度", "{} g"),
    "max_kg": ("Weighs up to", "最大称重", "{} kg"),
    "battery_h": ("Battery", "续航", "{} h"),
    "charging": ("Charging", "充电", "{}"),
    "diameter_mm": ("Diameter", "直径", "{} mm"),
    "life_l": ("Lasts for", "可净水", "{} l"),
    "life_months": ("Lasts for", "更换周期", "{} months|{} 个月"),
    "decaf": ("Decaffeinated", "低因", "{}"),
    "caffeine_free": ("Free of caffeine", "不含咖啡因", "{}"),
    "dishwasher_safe": ("Dishwasher safe", "可进洗碗机", "{}"),
    "induction": ("For induction hobs", "适用电磁炉", "{}"),
    "timer": ("Timer", "计时", "{}"),
    "engravable": ("Can be engraved", "可刻字", "{}"),
    "two_person_delivery": ("Delivered by two people", "双人送货", "{}"),
    "warranty_months": ("Warranty", "保修", "{} months|{} 个月"),
}

_CHINESE = dict(
    pair.split("=")
    for pair in (
        "black=黑色;cream=奶油白;sage=鼠尾草绿;steel=不锈钢;silver=银色;forest green=森林绿;copper=铜色;white=白色;"
        "grey=灰色;slate blue=石板蓝;ink blue=墨蓝;clear=透明;moss green=苔绿;stainless steel=不锈钢;cast iron=铸铁;"
        "ceramic=陶瓷;plastic=塑料;borosilicate glass=高硼硅玻璃;glass=玻璃;cotton=棉;silicone=硅胶;porcelain=瓷;"
        "stoneware=粗陶;celadon=青瓷;zisha clay=紫砂;bamboo=竹;tinplate=马口铁;earthenware=陶;walnut=胡桃木;"
        "chromed brass=镀铬黄铜;ash=白蜡木;beech=榉木;waxed canvas=蜡帆布;microfibre=超细纤维;rubber=橡胶;aluminium=铝;"
        "brass=黄铜;polished steel=抛光钢;brass and walnut=黄铜与胡桃木;blend=拼配;single origin=单一产地;green=绿茶;"
        "oolong=乌龙茶;pu'er=普洱茶;yellow=黄茶;herbal=花草茶;medium-dark=中深;light=浅;medium=中;dark=深;"
        "unroasted=生豆;charcoal=炭焙;washed=水洗;natural=日晒;honey=蜜处理;anaerobic natural=厌氧日晒;"
        "wet-hulled=湿刨;monsooned=风渍;sugarcane decaf=甘蔗脱因;water decaf=水洗脱因;hand=手摇;electric=电动;"
        "battery=充电;flat=平刀;conical=锥刀;single=单锅炉;dual=双锅炉;thermoblock=即热块"
    ).split(";")
)
_TEAS = {"black": "红茶", "white": "白茶"}
_YES = {"en": {True: "Yes", False: "No"}, "zh": {True: "是", False: "否"}}


def category_name(category: str, language: str) -> str:
    """Its name; a category that the sample does not have is shown by its own."""
    return CATEGORIES.get(category, {}).get(language) or category.replace("-", " ").capitalize()


def attribute_rows(product: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """Label and value of the attributes that a customer asks about, in a fixed order."""
    attributes = product["attributes"]
    rows = []
    for name, (english, chinese, form) in _ATTRIBUTES.items():
        if attributes.get(name) in (None, "", False) or isinstance(attributes[name], (list, dict)):
            continue
        form = form.split("|")[-1 if language == "zh" else 0]
        label = chinese if language == "zh" else english
        rows.append((label, form.format(_value(attributes[name], name, product["category"], language))))
    return rows


def _value(value: Any, name: str, category: str, language: str) -> str:
    if isinstance(value, bool):
        return _YES[language][value]
    if language == "en" or not isinstance(value, str):
        return str(value)[:1].upper() + str(value)[1:]
    if category == "tea" and name == "type" and value in _TEAS:
        return _TEAS[value]
    return "、".join(_CHINESE.get(part, part) for part in value.split(", "))
