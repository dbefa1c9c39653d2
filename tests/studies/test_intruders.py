import pandas as pd
import pytest
from dated_news import SPORT, SUBJECTS, dated_corpus

from topics import TopicModel, studies
from topics.errors import SettingsError


@pytest.fixture(scope="module")
def corpus():
    return dated_corpus()


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, 3, n_sweeps=30, min_df=2, learn_phrases=False)


@pytest.fixture(scope="module")
def sheet(model, corpus):
    return studies.intrusion_sheet(model, corpus, n_articles=8)


def choices(row):
    return [row[name] for name in row.index if name.startswith("choice_") and row[name]]


def answered(sheet, find):
    """The sheet as filled in by somebody who finds what `find` says of (number, solution, choices)."""
    rows = sheet.table.copy()
    solved = sheet.solutions.set_index("item")["solution"]
    rows["answer"] = [
        str(find(number, int(solved[row["item"]]), len(choices(row))))
        for number, (_, row) in enumerate(rows.iterrows())
    ]
    return rows


def test_a_word_question_has_five_terms_of_a_topic_and_one_of_another(model, sheet):
    words = sheet.table[sheet.table["task"] == "word"]
    assert len(words) == 6
    solved = sheet.solutions.set_index("item")
    for _, row in words.iterrows():
        shown, place = choices(row), solved.loc[row["item"], "solution"]
        assert len(shown) == len(set(shown)) == 6
        homes = [next(k for k, subject in enumerate(SUBJECTS) if word in subject) for word in shown]
        intruder = homes.pop(place - 1)
        assert len(set(homes)) == 1
        assert intruder not in homes


def test_a_topic_question_shows_the_article_and_what_it_hardly_holds(model, corpus, sheet):
    rows = sheet.table[sheet.table["task"] == "topic"]
    assert len(rows) == 8
    for _, row in rows.iterrows():
        assert len(choices(row)) == 3
        assert row["text"]
    assert set(sheet.solutions.set_index("item").loc[rows["item"], "topic"]) == {"*"}


def test_the_seed_decides_everything(model, corpus, sheet):
    again = studies.intrusion_sheet(model, corpus, n_articles=8)
    assert again.table.equals(sheet.table)
    assert again.solutions.equals(sheet.solutions)
    other = studies.intrusion_sheet(model, corpus, n_articles=8, random_state=1)
    assert not other.table.equals(sheet.table)
    assert len(set(sheet.solutions["solution"])) > 1  # the intruder's place is drawn as well


def test_without_articles_there_are_words_only(model):
    assert str(studies.intrusion_sheet(model)) == "6 word questions · 0 topic questions"


def test_a_perfect_coder_finds_all_and_another_none(sheet):
    table = sheet.score(answered(sheet, lambda _, solution, n: solution))
    assert (table["found"] == 1).all()
    assert (table["high"] == 1).all()
    assert table["n"].tolist() == [6, 2, 2, 2, 8]
    assert table["chance"].tolist() == pytest.approx([1 / 6] * 4 + [1 / 3])
    none = sheet.score(answered(sheet, lambda _, solution, n: solution % n + 1))
    assert (none["found"] == 0).all()
    assert "Word intruders: found in 0 of 6 answers, 0.00 [0.00, 0.39]; guessing finds 0.17." in none.verdict


def test_it_goes_out_as_a_file_and_comes_back_from_several_people(sheet, tmp_path):
    sheet.write(tmp_path / "sheet.csv")
    text = (tmp_path / "sheet.csv").read_text(encoding="utf-8")
    assert "solution" not in text
    filled = pd.read_csv(tmp_path / "sheet.csv", dtype=str, keep_default_na=False)
    filled["answer"] = [str(solution) for solution in sheet.solutions["solution"]]
    filled.to_csv(tmp_path / "a.csv", index=False)
    half = filled.copy()
    half.loc[half.index[::2], "answer"] = ""
    half.to_csv(tmp_path / "b.csv", index=False)
    table = sheet.score(tmp_path / "a.csv", tmp_path / "b.csv")
    assert (table["found"] == 1).all()
    assert table.set_index(["task", "topic"])["n"]["word", "*"] == 6 + 3


def test_answers_are_numbers_in_any_digits_or_the_choice_itself(sheet):
    row = sheet.table.iloc[0]
    place = int(sheet.solutions["solution"][0])
    arabic = str(place).translate(str.maketrans("123456", "١٢٣٤٥٦"))
    for answer in (place, str(place), arabic, f"{place}.0", row[f"choice_{place}"], f" {place} "):
        assert sheet.score({row["item"]: answer})["found"][0] == 1


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ({"001-ffff": "1"}, "no item '001-ffff'"),
        ({}, "no question is answered"),
        (pd.DataFrame({"a": [1]}), "columns item and answer"),
    ],
)
def test_answers_to_another_sheet_are_refused(sheet, answers, cause):
    with pytest.raises(SettingsError, match=cause):
        sheet.score(answers)


@pytest.mark.parametrize("answer", ["0", "7", "-1", "x", "²³", "1.5"])
def test_an_answer_that_is_no_choice_is_refused_by_item(sheet, answer):
    item = sheet.table["item"][0]
    with pytest.raises(SettingsError, match=f"item {item}: .* is no choice"):
        sheet.score({item: answer})


def test_a_sheet_shows_no_answer_and_no_markup(sheet):
    page = sheet._repr_html_()
    assert "<script" not in page
    assert "answer" not in page
    assert "solutions" not in repr(sheet)


def test_too_little_is_refused(model, corpus):
    alone = TopicModel.train(corpus, 1, n_sweeps=5, min_df=2)
    two = TopicModel.train(corpus, 2, n_sweeps=5, min_df=2)
    few = TopicModel.train([corpus[0], corpus[3]], 2, n_sweeps=5, min_df=2, max_df=1.0)
    for call, cause in (
        (lambda: studies.intrusion_sheet(alone), "no intruder"),
        (lambda: studies.intrusion_sheet(two, corpus), "3 topics"),
        (lambda: studies.intrusion_sheet(model, []), "wants articles"),
        (lambda: studies.intrusion_sheet(model, n_terms=0), "1 or more"),
        (lambda: studies.intrusion_sheet(few, n_terms=20), "too few"),
    ):
        with pytest.raises(SettingsError, match=cause):
            call()


def test_fewer_terms_make_fewer_questions(model):
    assert len(studies.intrusion_sheet(model, n_items=99).table) == 3 * (len(SPORT) * 3 // 10)
