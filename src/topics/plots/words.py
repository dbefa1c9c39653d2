"""The few words that plots write themselves, in Arabic, English and French (data only)."""

from __future__ import annotations

WORDS = {
    "articles": ("عدد المقالات", "Articles", "Articles"),
    "words": ("عدد الكلمات", "Words", "Mots"),
    "median": ("الوسيط", "Median", "Médiane"),
    "time": ("الفترة", "Period", "Période"),
    "is": ("المحور الصحيح", "True theme", "Thème réel"),
    "sorted_into": ("التصنيف", "Sorted into", "Classé dans"),
    "all": ("المتوسط", "Mean of themes", "Moyenne des thèmes"),
    "none": ("بلا محور", "None", "Aucun"),
    "probability": ("الاحتمال", "Probability", "Probabilité"),
    "observed": ("النسبة الفعلية", "Observed share", "Part observée"),
    "precision": ("الدقة", "Precision", "Précision"),
    "recall": ("الاستدعاء", "Recall", "Rappel"),
    "coverage": ("نسبة المقالات المصنفة", "Share of articles decided", "Part d'articles décidés"),
    "risk": ("نسبة الخطأ", "Share of errors", "Part d'erreurs"),
    "model": ("النموذج", "Model", "Modèle"),
    "random": ("امتناع عشوائي", "Abstaining at random", "Abstention au hasard"),
    "calibrated": ("معايرة تامة", "Calibrated", "Calibré"),
    "paragraph": ("الفقرة", "Paragraph", "Paragraphe"),
    "weight": ("الوزن", "Weight", "Poids"),
    "term_probability": ("احتمال الكلمة في الموضوع", "P(term | topic)", "P(terme | sujet)"),
    "share": ("النسبة من المجموعة", "Share of the corpus", "Part du corpus"),
    "topic": ("الموضوع", "Topic", "Sujet"),
    "theme": ("المحور", "Theme", "Thème"),
    "f1": ("مقياس F1", "F1", "F1"),
    "average_precision": ("متوسط الدقة", "Average precision", "Précision moyenne"),
    "brier": ("مقياس Brier", "Brier score", "Score de Brier"),
    "brier_skill": ("مهارة Brier", "Brier skill", "Gain de Brier"),
    "reliability_slope": ("ميل المعايرة", "Reliability slope", "Pente de fiabilité"),
}
"""Word -> (Arabic, English, French)."""

LANGUAGES = ("ar", "en", "fr")
