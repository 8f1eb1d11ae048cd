"""Writes of the accounts: who may, what is noted, what stays secret."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts import services
from accounts.errors import DemoIsOff, OtherCounty, UsernameTaken
from accounts.models import Jurisdiction, User
from accounts.selectors import viewer_of
from accounts.services import Answers, DemoAccount
from kernel import clock
from kernel.errors import Forbidden, Invalid, NotSignedIn
from kernel.viewer import Role
from records.models import AuditEvent
from tests.factories import people, places

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 30)


@pytest.fixture
def admin():
    return viewer_of(people.user("admin"), people.COUNTY)


def acts(by, user):
    """Every write that needs an administrator."""
    return [
        lambda: services.user_create(by=by, username="new", name="新", role=Role.DESK),
        lambda: services.user_update(by=by, user_id=user.pk, name="改"),
        lambda: services.jurisdiction_set(by=by, user_id=user.pk, answers=[]),
        lambda: services.password_reset(by=by, user_id=user.pk),
    ]


@pytest.mark.parametrize("role", [role for role in people.ROLES if role != Role.ADMIN])
def test_only_administrators(role):
    user = people.user("desk")
    by = viewer_of(people.user(role), people.COUNTY) if role else people.viewer()
    for act in acts(by, user):
        with pytest.raises(Forbidden if role else NotSignedIn):
            act()
    assert not AuditEvent.objects.exists()


def test_administrator_of_another_county(admin):
    user = people.user("desk", county="990522")
    for act in acts(admin, user)[1:]:
        with pytest.raises(OtherCounty):
            act()
    for act in acts(viewer_of(people.user("admin", county=None), "990522"), user):
        act()


def test_create(admin):
    user, password = services.user_create(
        by=admin, username="desk7", name="热线受理员", role=Role.DESK, unit=people.unit(), mobile="13800000000"
    )
    assert user.check_password(password)
    assert user.must_change_password
    assert (user.county_id, user.role) == (people.COUNTY, "desk")
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.object_id) == ("user.create", admin.user_id, str(user.pk))
    assert password not in str(event.changes)
    assert "138" not in str(event.changes)
    with pytest.raises(UsernameTaken):
        services.user_create(by=admin, username="desk7", name="x", role=Role.DESK)
    with pytest.raises(ValidationError):
        services.user_create(by=admin, username="desk8", name="x", role=Role.DESK, password="1234")


def test_update(admin):
    user = people.user("desk", mobile="13800000000")
    services.user_update(by=admin, user_id=user.pk, role=Role.HANDLER, mobile="13911111111", name=user.name)
    user.refresh_from_db()
    assert user.role == "handler"
    assert AuditEvent.objects.get().changes == {"role": ["desk", "handler"], "mobile": ["…", "…"]}
    with pytest.raises(Invalid):
        services.user_update(by=admin, user_id=user.pk, is_superuser=True)


@pytest.mark.parametrize("fields", [{"is_active": False}, {"role": Role.OFFICIAL}])
def test_administrator_cannot_lock_everybody_out(admin, fields):
    with pytest.raises(Forbidden):
        services.user_update(by=admin, user_id=admin.user_id, **fields)


def test_jurisdiction(admin):
    user = people.user("grid_manager", jurisdiction=["990521003"])
    village = places.village()
    services.jurisdiction_set(by=admin, user_id=user.pk, answers=[Answers(village.code, TODAY, dt.date(2026, 12, 31))])
    assert [row.place_id for row in user.jurisdictions.all()] == [village.code]
    assert AuditEvent.objects.get().changes == {
        "jurisdiction": [["990521003 2020-01-01…"], ["990521003007 2026-06-30…2026-12-31"]]
    }


@pytest.mark.parametrize(
    "answer",
    [
        Answers("990521999", TODAY),
        Answers("990522", TODAY),
        Answers("990521003", TODAY, TODAY - dt.timedelta(days=1)),
    ],
)
def test_jurisdiction_refused_as_a_whole(admin, answer):
    places.county("990522")
    user = people.user("grid_manager", jurisdiction=["990521003"])
    with pytest.raises(Invalid):
        services.jurisdiction_set(by=admin, user_id=user.pk, answers=[Answers("990521003", TODAY), answer])
    assert user.jurisdictions.count() == 1


def test_reset(admin):
    user = people.user("desk")
    password = services.password_reset(by=admin, user_id=user.pk)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in str(AuditEvent.objects.get().changes)


def test_phrases_differ_and_pass_the_validators(admin):
    assert len({services.phrase() for _ in range(50)}) == 50
    for _ in range(20):
        services.validate_password(services.phrase())


class TestDemo:
    ACCOUNTS = (
        DemoAccount("desk", "热线受理员", "desk", "jtj", ("990521",)),
        DemoAccount("grid", "网格员", "grid_manager", "", ("990521003007",)),
        DemoAccount("citizen", "居民", "citizen"),
    )

    @pytest.fixture(autouse=True)
    def _demo(self, settings, tmp_path):
        settings.DEMO = True
        settings.DEMO_PASSWORD_FILE = tmp_path / "sub" / "demo_password"
        people.unit()
        places.village()

    def make(self):
        return services.demo_users_set(county=people.COUNTY, accounts=self.ACCOUNTS, valid_from=TODAY)

    def test_made_and_made_again(self, settings):
        assert self.make() == 3
        keys = set(User.objects.values_list("pk", flat=True))
        User.objects.filter(username="desk").update(role="admin", is_active=False)
        self.make()
        assert set(User.objects.values_list("pk", flat=True)) == keys
        desk = User.objects.get(username="desk")
        assert (desk.role, desk.is_active, desk.is_demo) == ("desk", True, True)
        assert desk.check_password(settings.DEMO_PASSWORD_FILE.read_text())
        assert Jurisdiction.objects.count() == 2
        with clock.freeze(TODAY):
            assert viewer_of(User.objects.get(username="grid"), people.COUNTY).jurisdiction == ("990521003007",)

    def test_password_is_kept_and_private(self, settings):
        password = services.demo_password()
        assert services.demo_password() == password
        assert settings.DEMO_PASSWORD_FILE.stat().st_mode & 0o777 == 0o600
        assert len(list(settings.DEMO_PASSWORD_FILE.parent.iterdir())) == 1

    def test_accounts_of_another_installation_get_this_password(self, settings):
        self.make()
        settings.DEMO_PASSWORD_FILE.unlink()
        password = services.demo_password_settle()
        assert all(user.check_password(password) for user in User.objects.filter(is_demo=True))

    def test_never_outside_demo_mode(self, settings):
        settings.DEMO = False
        with pytest.raises(DemoIsOff):
            self.make()
        assert not settings.DEMO_PASSWORD_FILE.exists()

    def test_never_over_a_real_account(self):
        people.user("official", username="desk")
        with pytest.raises(UsernameTaken):
            self.make()
        assert User.objects.count() == 1

    def test_command(self, settings, capsys):
        from django.core.management import CommandError, call_command

        self.make()
        call_command("demo_users")
        said = capsys.readouterr().out
        assert settings.DEMO_PASSWORD_FILE.read_text() in said
        assert "desk" in said
        assert "受理员" in said
        settings.DEMO = False
        with pytest.raises(CommandError):
            call_command("demo_users")
