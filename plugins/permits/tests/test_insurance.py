"""A permit that needs an insurance is suspended without one, apart from what a person suspends."""


def test_a_new_insurance_lifts_only_the_suspension_for_lack_of_one(types):
    workflow = types["occupation"].workflow
    assert [each.target for each in workflow.made_after("obligation.insurance.lapsed", "issued")] == ["uninsured"]
    for fact in ("obligation.insurance.met", "obligation.insurance.waived"):
        assert [each.target for each in workflow.made_after(fact, "uninsured")] == ["issued"]
        assert workflow.made_after(fact, "suspended") == ()
    assert "system" not in workflow.transition("restore").by


def test_both_suspensions_suspend_what_was_granted(types):
    workflow = types["occupation"].workflow
    for code in ("suspended", "uninsured"):
        assert workflow.state(code).brings == ("validity.permit.suspended",)


def test_permits_without_an_insurance_know_nothing_of_it(types):
    for code in ("construction", "sign", "event"):
        assert "uninsured" not in {state.code for state in types[code].workflow.states}
        assert types[code].workflow.transition("restore").needs == ()
