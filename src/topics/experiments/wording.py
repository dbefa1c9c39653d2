"""The sentences of `methods`, in English, French and Arabic (data only).

Names in braces are filled in. Arabic figures read from the right as well, so intervals are said in words there.
"""

from __future__ import annotations

from typing import Any


def _english(value: float, spec: str) -> str:
    return format(int(value) if spec.endswith("d") else value, spec)


def _as_it_is(date: str) -> str:
    return date


def _with_strokes(date: str) -> str:
    # Between Arabic words hyphens part the numbers, and the day comes first.
    return date.replace("-", "/")


def _french(value: float, spec: str) -> str:
    # A narrow no-break space between thousands, a comma before decimals.
    return _english(value, spec).replace(",", "\u202f").replace(".", ",")


ENGLISH: dict[str, Any] = {
    "language": "en",
    "number": _english,
    "date": _as_it_is,
    "comma": ", ",
    "and": ", ",
    "score": "{mean} [{low}, {high}]",
    "plain_score": "{mean}",
    "corpus": "The corpus holds {n} articles{sources}{dates} (fingerprint {fingerprint}). {duplicates}",
    "sources": " from {n} sources",
    "dates": ", dated {first} to {last}",
    "duplicates_group": "Near duplicates were kept on one side of every split.",
    "duplicates_drop": "Of near duplicates only the earliest article was kept.",
    "duplicates_keep": "Near duplicates were not looked for.",
    "text": "Texts were read by arabic-topics {version} [topics].",
    "levels": {
        "none": "words as they are written",
        "clitic": "words without conjunctions, prepositions and the article",
        "light": "words without conjunctions, prepositions, the article and suffixes",
    },
    "themes": (
        "Themes ({names}) were learnt from {n} labelled articles by linear support vector machines {linear} on TF-IDF "
        "weights of {n_terms} terms ({level}); decision values were calibrated by Platt's method {platt}, and each "
        "theme has its own threshold."
    ),
    "themes_anchors": (
        "Themes ({names}) were learnt without labels, from {n_anchors} anchor words and phrases in {n} articles: two "
        "different anchors in an article, or one in its title that comes again, hint at a theme (a single one, where "
        "fewer than ten articles hold so many) {hints}; linear support vector machines {linear} on TF-IDF weights of "
        "{n_terms} terms ({level}) then learnt in rounds which words go with them {rounds}; decision values were "
        "calibrated by Platt's method {platt} against what was believed of these articles, and each theme has its own "
        "threshold."
    ),
    "themes_both": (
        "Themes ({names}) were learnt from {n} labelled articles and, beside them, {n_more} articles without labels "
        "{rounds} and {n_anchors} anchor words and phrases as hints {hints}, by linear support vector machines "
        "{linear} on TF-IDF weights of {n_terms} terms ({level}); decision values were calibrated by Platt's method "
        "{platt} on labelled articles, and each theme has its own threshold."
    ),
    "theme_scores": "Macro-averaged F1 was {score} ({split}).",
    "split_group": "{folds}-fold cross-validation, near duplicates in one fold",
    "split_source": "{folds}-fold cross-validation, articles of one source in one fold",
    "split_time": "{folds} tests forward in time, each on days later than those learnt from",
    "topics": (
        "{n} topics were found by latent Dirichlet allocation {lda}, trained by {method} {engine} on counts of "
        "{n_terms} terms ({level}), with eta = {eta}, {alpha}, and at most {sweeps} passes."
    ),
    "engines": {
        "fast": "collapsed variational Bayes, zero order (CVB0)",
        "gensim": "online variational Bayes as in gensim",
    },
    "alphas": {"auto": "alpha learnt from the data", "symmetric": "a fixed symmetric alpha"},
    "anchored": "The first {n} of them were pulled by anchor words, one for each of the themes {names} {keyatm}.",
    "perplexity": "Perplexity of held-out articles by document completion {completion} was {score} ({split}).",
    "coherence": "Mean NPMI {npmi} of the ten first terms of a topic, in the articles themselves, was {score}.",
    "stability": "Over {n} random states, matched topics overlapped by {score}.",
    "intervals": "Figures in brackets are 95% bootstrap intervals {bootstrap}{over}.",
    "over": {
        "macro_f1": "over articles for F1",
        "perplexity": "over folds for perplexity",
        "npmi": "over topics for NPMI",
        "stability": "over random states for the overlap",
    },
    "versions": "The random seed was {seed}; versions: {versions}; run {run}, code {code}.",
}

FRENCH: dict[str, Any] = {
    "language": "fr",
    "number": _french,
    "date": _as_it_is,
    "comma": ", ",
    "and": ", ",
    "score": "{mean} [{low}\u00a0; {high}]",
    "plain_score": "{mean}",
    "corpus": "Le corpus compte {n} articles{sources}{dates} (empreinte {fingerprint}). {duplicates}",
    "sources": " de {n} sources",
    "dates": ", datés du {first} au {last}",
    "duplicates_group": "Les quasi-doublons sont restés du même côté de chaque partage.",
    "duplicates_drop": "Parmi les quasi-doublons, seul l'article le plus ancien a été gardé.",
    "duplicates_keep": "Les quasi-doublons n'ont pas été recherchés.",
    "text": "Les textes ont été lus par arabic-topics {version} [topics].",
    "levels": {
        "none": "mots tels qu'ils sont écrits",
        "clitic": "mots sans conjonctions, prépositions ni article",
        "light": "mots sans conjonctions, prépositions, article ni suffixes",
    },
    "themes": (
        "Les thèmes ({names}) ont été appris sur {n} articles annotés par des machines à vecteurs de support linéaires "
        "{linear}, à partir des poids TF-IDF de {n_terms} termes ({level})\u00a0; les valeurs de décision ont été "
        "calibrées par la méthode de Platt {platt}, et chaque thème a son propre seuil."
    ),
    "themes_anchors": (
        "Les thèmes ({names}) ont été appris sans annotation, à partir de {n_anchors} mots et expressions d'ancrage "
        "dans {n} articles\u00a0: deux ancres différentes dans un article, ou une dans son titre et de nouveau après, "
        "sont un indice du thème (une seule, là où moins de dix articles en ont autant) {hints}\u00a0; des machines à "
        "vecteurs de support linéaires {linear}, sur les poids TF-IDF de {n_terms} termes ({level}), ont ensuite "
        "appris par tours les mots qui les accompagnent {rounds}\u00a0; les valeurs de décision ont été calibrées par "
        "la méthode de Platt {platt} sur ce qui était cru de ces articles, et chaque thème a son propre seuil."
    ),
    "themes_both": (
        "Les thèmes ({names}) ont été appris sur {n} articles annotés et, à côté d'eux, sur {n_more} articles sans "
        "annotation {rounds}, avec {n_anchors} mots et expressions d'ancrage comme indices {hints}, par des machines à "
        "vecteurs de support linéaires {linear}, à partir des poids TF-IDF de {n_terms} termes ({level})\u00a0; les "
        "valeurs de décision ont été calibrées par la méthode de Platt {platt} sur les articles annotés, et chaque "
        "thème a son propre seuil."
    ),
    "theme_scores": "La macro-moyenne de F1 est de {score} ({split}).",
    "split_group": "validation croisée à {folds} blocs, les quasi-doublons dans un même bloc",
    "split_source": "validation croisée à {folds} blocs, les articles d'une source dans un même bloc",
    "split_time": "{folds} tests vers l'avant, chacun sur des jours postérieurs à ceux de l'apprentissage",
    "topics": (
        "{n} sujets ont été trouvés par allocation de Dirichlet latente {lda}, entraînée par {method} {engine} sur les "
        "effectifs de {n_terms} termes ({level}), avec eta = {eta}, {alpha} et au plus {sweeps} passages."
    ),
    "engines": {
        "fast": "inférence bayésienne variationnelle effondrée d'ordre zéro (CVB0)",
        "gensim": "inférence bayésienne variationnelle en ligne, comme dans gensim",
    },
    "alphas": {"auto": "un alpha appris sur les données", "symmetric": "un alpha symétrique fixe"},
    "anchored": "Les {n} premiers ont été attirés par des mots d'ancrage, un pour chacun des thèmes {names} {keyatm}.",
    "perplexity": (
        "La perplexité d'articles tenus à l'écart, par complétion de documents {completion}, est de {score} ({split})."
    ),
    "coherence": (
        "La NPMI moyenne {npmi} des dix premiers termes d'un sujet, dans les articles eux-mêmes, est de {score}."
    ),
    "stability": "Sur {n} graines aléatoires, les sujets appariés se recouvrent à hauteur de {score}.",
    "intervals": "Les chiffres entre crochets sont des intervalles bootstrap à 95\u00a0% {bootstrap}{over}.",
    "over": {
        "macro_f1": "sur les articles pour F1",
        "perplexity": "sur les blocs pour la perplexité",
        "npmi": "sur les sujets pour la NPMI",
        "stability": "sur les graines pour le recouvrement",
    },
    "versions": (
        "La graine aléatoire est {seed}\u00a0; versions\u00a0: {versions}\u00a0; exécution {run}, code {code}."
    ),
}

ARABIC: dict[str, Any] = {
    "language": "ar",
    "number": _english,
    "date": _with_strokes,
    "comma": "، ",
    "and": " و",  # an Arabic letter between Latin names, so that they are read from the right
    "score": "{mean} (من {low} إلى {high})",
    "plain_score": "{mean}",
    "corpus": "عدد مقالات المدونة {n}{sources}{dates} (بصمتها {fingerprint}). {duplicates}",
    "sources": "، وعدد مصادرها {n}",
    "dates": "، وتواريخها من {first} إلى {last}",
    "duplicates_group": "وأُبقيت المقالات شبه المتطابقة في جهة واحدة من كل تقسيم.",
    "duplicates_drop": "ولم يُحتفظ من المقالات شبه المتطابقة إلا بأقدمها.",
    "duplicates_keep": "ولم يُبحث عن المقالات شبه المتطابقة.",
    "text": "وقُرئت النصوص ببرنامج arabic-topics بإصداره {version} [topics].",
    "levels": {
        "none": "الكلمات كما كُتبت",
        "clitic": "الكلمات مجردةً من حروف العطف والجر وأل التعريف",
        "light": "الكلمات مجردةً من حروف العطف والجر وأل التعريف واللواحق",
    },
    "themes": (
        "وجرى تعلّم المحاور ({names}) من مقالات موسومة عددها {n}، بآلات متجهات داعمة خطية {linear} على أوزان TF-IDF "
        "لمصطلحات عددها {n_terms} ({level})، وعُويرت قيم القرار بطريقة Platt {platt}، ولكل محور عتبته."
    ),
    "themes_anchors": (
        "وجرى تعلّم المحاور ({names}) من دون وسم، من كلمات وعبارات دالة عددها {n_anchors} في مقالات عددها {n}: فكلمتان "
        "منها مختلفتان في مقال، أو واحدة في عنوانه تتكرر بعده، قرينة على المحور (وتكفي واحدة إن قلّت تلك المقالات عن "
        "عشر) {hints}؛ ثم تعلّمت آلات متجهات داعمة خطية {linear}، على أوزان TF-IDF لمصطلحات عددها {n_terms} ({level})، "
        "ما يصحبها من الكلمات في جولات {rounds}، وعُويرت قيم القرار بطريقة Platt {platt} على ما رُجّح لتلك المقالات، "
        "ولكل محور عتبته."
    ),
    "themes_both": (
        "وجرى تعلّم المحاور ({names}) من مقالات موسومة عددها {n}، ومعها مقالات غير موسومة عددها {n_more} {rounds}، "
        "وكلمات وعبارات دالة عددها {n_anchors} قرائنَ {hints}، بآلات متجهات داعمة خطية {linear} على أوزان TF-IDF "
        "لمصطلحات عددها {n_terms} ({level})، وعُويرت قيم القرار على المقالات الموسومة بطريقة Platt {platt}، ولكل محور "
        "عتبته."
    ),
    "theme_scores": "وبلغ متوسط F1 على المحاور {score} ({split}).",
    "split_group": "بالتحقق المتقاطع، وعدد الطيات {folds}، والمقالات شبه المتطابقة في طية واحدة",
    "split_source": "بالتحقق المتقاطع، وعدد الطيات {folds}، ومقالات المصدر الواحد في طية واحدة",
    "split_time": "باختبارات متقدمة في الزمن عددها {folds}، كل منها على أيام تلي أيام التعلّم",
    "topics": (
        "واستُخرجت مواضيع عددها {n} بتخصيص ديريكليه الكامن {lda}، ودُرّب النموذج بطريقة {method} {engine} على تكرارات "
        "مصطلحات عددها {n_terms} ({level})، بقيمة eta = {eta}، و{alpha}، وبعدد دورات لا يتجاوز {sweeps}."
    ),
    "engines": {
        "fast": "بايز التغايرية المطوية من الرتبة الصفرية (CVB0)",
        "gensim": "بايز التغايرية على دفعات كما في gensim",
    },
    "alphas": {"auto": "قيمة alpha متعلَّمة من البيانات", "symmetric": "قيمة alpha متساوية ثابتة"},
    "anchored": "وأول {n} منها جذبتها كلمات دالة، موضوع لكل محور من المحاور: {names} {keyatm}.",
    "perplexity": "وبلغت الحيرة (perplexity) على مقالات محجوبة، بإكمال المقالات {completion}، {score} ({split}).",
    "coherence": "وبلغ متوسط NPMI {npmi} لأول عشرة مصطلحات من كل موضوع، في المقالات نفسها، {score}.",
    "stability": "وعلى بذور عشوائية عددها {n} بلغ تطابق المواضيع المتقابلة {score}.",
    "intervals": "وما بين القوسين بعد كل رقم مجال ثقة نسبته 95% بإعادة المعاينة {bootstrap}{over}.",
    "over": {
        "macro_f1": "على المقالات لمقياس F1",
        "perplexity": "على الطيات للحيرة",
        "npmi": "على المواضيع لمقياس NPMI",
        "stability": "على البذور للتطابق",
    },
    "versions": "والبذرة العشوائية {seed}، والإصدارات: {versions}؛ والتشغيل {run}، وبصمة الشيفرة {code}.",
}
