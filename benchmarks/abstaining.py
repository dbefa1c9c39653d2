"""What leaving out the unsure articles buys, and which measure of how far an article is from the model tells most.

    python benchmarks/abstaining.py [PATH-TO-CORPORA] [--gold FILE...]

Risk: the demo corpus, each region sorted by a model of the others; mean share of wrong primary themes as the least sure articles
are left out, over the same when articles are left out at random (`risk_ratio`: smaller is better, 1 is worth nothing). Then the
rule of `topics sort --abstain` at several chances: share of articles it takes, share of wrong ones among those kept and
among those taken. Distance: how well each measure tells articles of other kinds from articles of a region that the model has not seen
(area under the ROC curve, .5 is worth nothing), and its rank correlation with the length of these. Verse is out of copyright; passages in
other languages and kinds were written for this script. Intervals: 95 % over articles.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
from scipy.stats import rankdata, spearmanr

from topics import Article, Corpus, ThemeModel
from topics.arabic.batch import batch_analyzer
from topics.corpus.packaged import packaged_corpus
from topics.estimators.linear import surplus
from topics.models.doubt import UNSURE, Doubt
from topics.models.scoring import primary_of, score_probabilities, true_primary
from topics.models.unlike import unlike
from topics.studies import cross_validate

PASSAGES = {
    "persian": [
        "دولت امروز اعلام کرد که قیمت سوخت در سال آینده تغییر نخواهد کرد و مردم می\u200cتوانند از همان سهمیه پیشین استفاده کنند.",
        "پلیس تهران از دستگیری چند نفر به اتهام سرقت از فروشگاه\u200cهای مرکز شهر خبر داد و گفت پرونده آنها به دادگاه فرستاده شد.",
        "تیم ملی فوتبال در دیدار دوستانه برابر حریف خود به برتری رسید و سرمربی از بازی بازیکنان جوان راضی بود.",
        "پناهجویانی که از مرز گذشته بودند در اردوگاهی نزدیک شهر جا داده شدند و گروه\u200cهای امدادی به آنها غذا رساندند.",
    ],
    "urdu": [
        "حکومت نے کہا ہے کہ آئندہ برس تعلیم کے شعبے کے لیے مزید رقم رکھی جائے گی اور دیہات میں نئے سکول کھولے جائیں گے۔",
        "پولیس نے شہر کے مختلف علاقوں میں کارروائی کرتے ہوئے کئی ملزمان کو گرفتار کر لیا اور ان سے اسلحہ برآمد کیا۔",
        "قومی ٹیم نے میچ جیت کر سیریز اپنے نام کر لی جبکہ کپتان نے کھلاڑیوں کی کارکردگی کو سراہا۔",
        "مہاجرین کی کشتی ڈوبنے کے بعد امدادی ٹیموں نے سمندر سے کئی افراد کو زندہ نکال لیا۔",
    ],
    "kurdish": [
        "حکومەتی هەرێم ئەمڕۆ ڕایگەیاند کە مووچەی فەرمانبەران لەم هەفتەیەدا دابەش دەکرێت و کێشەی نەوت چارەسەر دەبێت.",
        "پۆلیسی شارەکە چەند کەسێکی بە تۆمەتی دزی دەستگیر کرد و لێکۆڵینەوەیان لەگەڵدا دەکرێت.",
        "یانەکە لە یارییەکەی دوێنێدا دوو گۆڵی تۆمار کرد و بوو بە پاڵەوانی خول.",
    ],
    "poetry": [
        "قفا نبك من ذكرى حبيب ومنزل\nبسقط اللوى بين الدخول فحومل\nفتوضح فالمقراة لم يعف رسمها\nلما نسجتها من جنوب وشمأل\nترى بعر الآرام في عرصاتها\nوقيعانها كأنه حب فلفل",
        "على قدر أهل العزم تأتي العزائم\nوتأتي على قدر الكرام المكارم\nوتعظم في عين الصغير صغارها\nوتصغر في عين العظيم العظائم",
        "هل غادر الشعراء من متردم\nأم هل عرفت الدار بعد توهم\nيا دار عبلة بالجواء تكلمي\nوعمي صباحا دار عبلة واسلمي",
        "أراك عصي الدمع شيمتك الصبر\nأما للهوى نهي عليك ولا أمر\nبلى أنا مشتاق وعندي لوعة\nولكن مثلي لا يذاع له سر",
        "لخولة أطلال ببرقة ثهمد\nتلوح كباقي الوشم في ظاهر اليد\nوقوفا بها صحبي علي مطيهم\nيقولون لا تهلك أسى وتجلد",
        "أضحى التنائي بديلا من تدانينا\nوناب عن طيب لقيانا تجافينا\nألا وقد حان صبح البين صبحنا\nحين فقام بنا للحين ناعينا",
    ],
    "recipes": [
        "نقشر البصل ونقطعه شرائح رفيعة ثم نقليه في زيت الزيتون حتى يذبل، ونضيف إليه الثوم المهروس والكمون والفلفل الحلو وملعقة من معجون الطماطم، ونتركه على نار هادئة ربع ساعة قبل أن نصب فوقه المرق.",
        "اعجني الدقيق مع السمن والسكر والبيض حتى تتماسك العجينة، ثم افرديها وقطعيها أقراصا وزينيها باللوز واخبزيها في فرن متوسط الحرارة حتى تحمر أطرافها.",
        "تنقع حبات الحمص ليلة كاملة ثم تسلق مع قليل من الملح وتهرس مع الطحينة وعصير الليمون وتقدم باردة مع رشة سماق وبقدونس مفروم.",
    ],
    "prose": [
        "أيتها الأم، أكتب إليك من غرفتي الضيقة والمطر ينقر زجاج النافذة. اشتقت إلى رائحة خبزك وإلى ضحكة أبي وهو يصلح المذياع العتيق. لا تقلقي علي، فأنا آكل جيدا وأنام باكرا وأحلم بالعودة إليكم.",
        "كان يا ما كان في قديم الزمان حطاب فقير يسكن كوخا على طرف الغابة مع بناته الثلاث. وذات مساء طرق بابه شيخ طاعن في السن يحمل كيسا من الجوز وقال له: من يفتح هذه الجوزة يجد ما يتمنى.",
        "ليكن المثلث قائم الزاوية، فإن مربع الوتر يساوي مجموع مربعي الضلعين الآخرين. نرسم العمود النازل من الرأس ونقسم الشكل إلى مثلثين متشابهين ثم نقارن أطوال الأضلاع المتناظرة.",
    ],
    "darija": [
        "واش كاين شي واحد يعرف كيفاش نقدر نصاوب التيليفون ديالي راه طاح ليا فالما وما بقاش بغا يشعل",
        "غدا غنمشيو للسوق نجيبو الخضرة والحوت وندوزو عند خالتي نشربو أتاي ونهضرو شوية على العرس",
    ],
}
N_DRAWN = 200  # articles of each label of the real corpora


def risk(corpus: Corpus) -> None:
    found = cross_validate(corpus, "region")
    print("demo corpus, each region by a model of the others")
    for measure in ("macro_f1", "primary_accuracy", "risk_area", "risk_ratio"):
        print(f"{measure}: {found.scores[measure]:.3f}")
    print("\n| chance | taken | wrong primary among the kept | among the taken |\n|---|---|---|---|")
    rows = found.table.to_dict("records")
    articles = [corpus[row["id"]] for row in rows]
    true = true_primary(articles, list(corpus.themes), [row["primary"] for row in rows])
    wrong = np.array([row["primary"] != primary for row, primary in zip(rows, true, strict=True)])
    for chance in sorted({0.1, 0.2, UNSURE, 0.4, 0.5}):
        taken = np.zeros(len(rows), bool)
        for region in sorted({article.extra["region"] for article in corpus}):
            model = models(corpus)[region]
            for k, row in enumerate(rows):
                if articles[k].extra["region"] == region:
                    taken[k] = Doubt(model, chance).reason(row) is not None
        print(f"| {chance:.1f} | {taken.mean():.3f} | {wrong[~taken].mean():.3f} | {wrong[taken].mean():.3f} |")


_MODELS: dict[str, ThemeModel] = {}


def models(corpus: Corpus) -> dict[str, ThemeModel]:
    """Region -> a model of the other regions."""
    if not _MODELS:
        for region in sorted({article.extra["region"] for article in corpus}):
            _MODELS[region] = ThemeModel.train(
                corpus.filter(lambda article, own=region: article.extra["region"] != own)
            )
    return _MODELS


def measures(model: ThemeModel, articles) -> dict[str, np.ndarray]:
    """Every candidate for `unlike`, shape (n_articles,) each."""
    matrix = model.matrix
    batch = batch_analyzer(matrix.analyzer)
    terms = batch.read([article.full for article in articles])
    known = matrix.vocabulary.knows(terms, batch).astype(bool)
    single = {term: column for term, column in matrix.vocabulary.columns.items() if " " not in term}
    numbers = batch.numbers(list(single)).astype(int)
    idf = np.full(len(batch.forms), matrix.idf.max())
    idf[numbers] = matrix.idf[list(single.values())]
    found = {"different words": unlike(matrix, articles)}
    for name in ("every word", "tf-idf mass", "length"):
        found[name] = np.ones(len(articles))
    for row in range(len(articles)):
        ids, knows = (part[terms.places[row] : terms.places[row + 1]] for part in (terms.ids, known))
        found["length"][row] = len(ids)
        if not len(ids):
            continue
        forms, first, counts = np.unique(ids, return_index=True, return_counts=True)
        weight = (1 + np.log(counts)) * idf[forms]
        found["every word"][row] = 1 - knows.mean()
        found["tf-idf mass"][row] = weight[~knows[first]].sum() / weight.sum()
    X = matrix.transform(articles)
    found["distance to the mean article"] = 1 - np.asarray(X @ mean_article(model)).ravel()
    return found


_MEANS: dict[int, np.ndarray] = {}


def mean_article(model: ThemeModel) -> np.ndarray:
    return _MEANS[id(model)]


def distance(corpus: Corpus, folder: Path | None) -> None:
    others = {name: [Article(text) for text in texts] for name, texts in PASSAGES.items()} | drawn(folder)
    near: dict[str, list] = {}
    far: dict[str, dict[str, list]] = {name: {} for name in others}
    for region, model in models(corpus).items():
        taught = corpus.filter(lambda article, own=region: article.extra["region"] != own)
        mean = np.asarray(model.matrix.transform(list(taught)).mean(axis=0)).ravel()
        _MEANS[id(model)] = mean / np.linalg.norm(mean)
        for name, values in measures(model, [a for a in corpus if a.extra["region"] == region]).items():
            near.setdefault(name, []).append(values)
        for kind, articles in others.items():
            for name, values in measures(model, articles).items():
                far[kind].setdefault(name, []).append(values)
    names = [name for name in near if name != "length"]
    print(f"\n| articles | n | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}")
    for kind, articles in others.items():
        areas = [np.mean([auc(a, b) for a, b in zip(near[name], far[kind][name], strict=True)]) for name in names]
        print(f"| {kind} | {len(articles)} | " + " | ".join(f"{area:.3f}" for area in areas) + " |")
    length = np.concatenate(near["length"])
    told = [abs(spearmanr(np.concatenate(near[name]), length)[0]) for name in names]
    print("| correlation with length | " + f"{len(length)} | " + " | ".join(f"{value:.2f}" for value in told) + " |")


def drawn(folder: Path | None) -> dict[str, list[Article]]:
    """Articles of the real corpora by label."""
    if folder is None:
        return {}
    found: dict[str, list[Article]] = {}
    rng = np.random.default_rng(0)
    for name, file in (("SANAD", "sanad_khaleej_21k.jsonl.gz"), ("ANT", "ant.jsonl.gz")):
        with gzip.open(folder / file, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        for label in sorted({row["label"] for row in rows}):
            own = [row for row in rows if row["label"] == label]
            chosen = rng.permutation(len(own))[:N_DRAWN]
            found[f"{name} {label}"] = [Article(own[k]["text"], title=own[k]["title"]) for k in chosen]
    return found


def auc(near: np.ndarray, far: np.ndarray) -> float:
    """How often an article of the far kind lies further than one of the near kind."""
    ranks = rankdata(np.concatenate([near, far]))[len(near) :]
    return float((ranks.sum() - len(far) * (len(far) + 1) / 2) / (len(near) * len(far)))


def gold(corpus: Corpus, files) -> None:
    model = ThemeModel.train(corpus)
    for file in files:
        articles = list(Corpus.read(file))
        scores = score_probabilities(articles, list(model.themes), model.probabilities(articles), model.thresholds)
        told = ", ".join(f"{m} {scores[m]:.3f}" for m in ("macro_f1", "primary_accuracy", "risk_area", "risk_ratio"))
        doubt = Doubt(model)
        rows = list(model.rows(articles))
        taken = np.array([doubt.reason(row) is not None for row in rows])
        found = primary_of(surplus(model.probabilities(articles), model.thresholds), list(model.themes))
        wrong = np.array(
            [a != b for a, b in zip(true_primary(articles, list(model.themes), found), found, strict=True)]
        )
        print(
            f"\n{Path(file).name}: {told}; --abstain takes {taken.mean():.3f}, wrong among the kept {wrong[~taken].mean():.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", type=Path, nargs="?", help="folder with ant.jsonl.gz and sanad_khaleej_21k.jsonl.gz")
    parser.add_argument("--gold", nargs="*", default=[], help="labelled articles with the columns themes and primary")
    args = parser.parse_args()
    corpus = Corpus.read(packaged_corpus())
    risk(corpus)
    distance(corpus, args.corpora)
    gold(corpus, args.gold)


if __name__ == "__main__":
    main()
