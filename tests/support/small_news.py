"""A small labelled corpus for tests, written for them."""

from topics import Article, Corpus

_SECURITY = "الشرطة أوقفت المتهم بعد سرقة السيارة|عناصر الدرك حجزت المخدرات وأوقفت المهربين|المحكمة أدانت أفراد العصابة بالسجن|الأمن فكك خلية إرهابية وحجز أسلحة|النيابة العامة تحقق مع المشتبه في جريمة القتل|الجمارك ضبطت شحنة الكوكايين في الميناء"
_MIGRATION = "خفر السواحل أنقذ المهاجرين من القارب|اللاجئون يطلبون اللجوء في المخيم|السلطات رحلت المهاجرين إلى بلدانهم|الجالية المغربية تعود إلى الوطن في الصيف|النازحون ينتظرون العودة من مخيم اللاجئين|منح رخص الإقامة للعمال المهاجرين"
_SPORT = "المنتخب فاز في المباراة بهدف اللاعب|النادي تعاقد مع المدرب الجديد للدوري|الفريق خسر نهائي الكأس بركلات الترجيح|اللاعب أصيب قبل مباراة البطولة|الجمهور ملأ الملعب لمتابعة المنتخب|العداء توج بالميدالية في البطولة"
_NONE = "البرلمان ناقش قانون المالية|الأسعار ارتفعت في أسواق الخضر|المعرض الدولي للكتاب يفتح أبوابه|الأمطار هطلت على السهول والجبال|الوزير دشن المستشفى الجديد|الجامعة أعلنت نتائج الامتحانات"
_TAILS = ["وفق مصدر مطلع", "حسب بلاغ رسمي", "خلال الأسبوع الماضي", "في المدينة القديمة"]


def small_corpus() -> Corpus:
    """96 articles: security, migration, sport, none, and some with two themes."""
    rows = []
    for theme, text in (("security", _SECURITY), ("migration", _MIGRATION), ("sport", _SPORT), ("", _NONE)):
        for n, line in enumerate(text.split("|")):
            for k, tail in enumerate(_TAILS):
                rows.append((f"{line} {tail}، وقال شاهد {n} إن الأمر تم يوم {k + 1} مارس", (theme,) if theme else ()))
    articles = [
        Article(
            text=text,
            id=f"n{k:03}",
            title=" ".join(text.split()[:3]),
            themes=themes,
            source="اختبار",
            extra={"desk": k % 3},
        )
        for k, (text, themes) in enumerate(rows)
    ]
    return Corpus(articles)


BOTH = Article(
    text="الشرطة أوقفت المتهم بتهريب المخدرات والسرقة.\nالمنتخب فاز في المباراة وتوج بالكأس والبطولة.",
    id="both",
    title="أمن وملاعب",
    themes=("security", "sport"),
    paragraph_themes=(("security",), ("sport",)),
)
