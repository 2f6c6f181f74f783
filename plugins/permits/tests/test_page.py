"""What the page of a permit answers agrees with the questions before its form."""

from parvis_permits.construction.do_i_need_it import SMALL


def test_the_page_and_the_questions_before_the_form_say_the_same_of_a_small_building(types):
    request_type = types["construction"]
    (largest,) = [part.value for part in SMALL.parts if part.field == "floor_area"]
    (answer,) = [each.answer for each in request_type.about.answers if each.code == "small_shed"]
    (verdict,) = [each.body for each in request_type.eligibility.verdicts if each.code == "small_building"]
    for said in (answer, verdict):
        assert f"{largest} m² ou moins" in said.fr
        assert f"{largest} m² or less" in said.en
