import pytest
from small_news import small_corpus

from topics import TopicModel, load
from topics.errors import SettingsError
from topics.models.naming import is_noun_like, naming_terms

COUNTS = {
    "مدينه": 10, "المدينه": 40, "بالمدينه": 3, "قالت": 50, "وقالت": 30, "ليبيا": 60, "بليبيا": 5, "شرطه": 1, "الشرطه": 9,
    "حرس": 5, "الحرس": 5, "وطني": 2, "الوطني": 9, "الساعه": 30, "ليبيه": 5, "الليبيه": 20, "نادرا": 99, "النادرا": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def model():
    return TopicModel.train(small_corpus(), n_topics=4, n_sweeps=20, min_df=2)


@pytest.mark.parametrize(
    ("word", "nominal"),
    [
        pytest.param("مدينه", True, id="after the article"),
        pytest.param("ليبيا", True, id="after ب"),
        pytest.param("قالت", False, id="a verb"),
        pytest.param("نادرا", False, id="once in a hundred"),
        pytest.param("ساعه", False, id="measures"),
        pytest.param("ما", False, id="two letters"),
        pytest.param("مجهول", False, id="never counted"),
    ],
)
def test_what_names_something_stands_after_the_article_or_the_preposition(word, nominal):
    assert is_noun_like(word, COUNTS) is nominal


def test_a_phrase_takes_the_place_of_its_words_and_kin_are_left_out():
    terms = ["قالت", "حرس", "حرس_وطني", "ليبيه", "ليبيا", "مدينه"]
    assert naming_terms(terms, COUNTS) == ["حرس_وطني", "ليبيه", "مدينه"]


def test_where_nothing_names_the_most_relevant_terms_do():
    assert naming_terms(["قالت", "ساعه", "شرطه", "ما"], COUNTS) == ["شرطه", "قالت", "ساعه"]
    assert naming_terms(["قالت"], COUNTS) == ["قالت"]


def test_names_are_in_original_spelling_and_hold_no_verb(model):
    names = " · ".join(model.names)
    assert "المنتخب" in names or "المباراة" in names or "البطولة" in names
    assert not {"قال", "وقال", "أوقفت"} & set(names.split(" · "))


def test_a_given_name_is_kept_in_the_bundle_and_the_model_stays_as_it_was(model, tmp_path):
    before = model.names
    renamed = model.rename({1: " كرة  القدم ", 3: "الهجرة"})
    assert model.names == before
    assert [renamed.names[k] for k in (1, 3)] == ["كرة القدم", "الهجرة"]
    assert renamed.names[0] == before[0]
    again = load(renamed.save(tmp_path / "named"))
    assert again.names == renamed.names
    assert "كرة القدم" in again.card()
    assert again.rename({1: ""}).names == [before[0], before[1], before[2], "الهجرة"]
    assert load(model.save(tmp_path / "plain")).names == before


@pytest.mark.parametrize("names", [{4: "x"}, {-1: "x"}, {True: "x"}, {0: None}, {"0": "x"}])
def test_what_cannot_be_a_name_is_refused(model, names):
    with pytest.raises(SettingsError, match="topics 0 to 3"):
        model.rename(names)
