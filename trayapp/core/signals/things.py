"""Finding what a fact is about: the thing, by the names that both lanes know it by."""

from collections.abc import Callable

from trayapp.core.facts import ApiCall, Judge, ResourceChange, Verdict
from trayapp.core.finding import Subject
from trayapp.core.signals import types
from trayapp.core.signals.model import Thing
from trayapp.core.signals.places import named_place, place_of
from trayapp.core.signals.reading import EMPTY, items, last_part, mapping, pick, tags, text

Finder = Callable[[ApiCall], tuple[Thing, ...]]
"""Finds what a call is about. It always finds something, since a refused call may say nothing at all."""


def changed_thing(fact: ResourceChange) -> tuple[Thing, ...]:
    """Give the resource that changed."""
    # AWS Config's id of a group is an ARN with a random part that no call ever shows.
    by_name = fact.resource_type == types.SCALING_GROUP and fact.resource_name
    subject = Subject(
        fact.resource_type, fact.resource_name if by_name else fact.resource_id, fact.resource_name, fact.arn
    )
    return (Thing(subject, fact.configuration, fact.tags),)


def answered(resource_type: str, at: str, *, id_: str = "", name: str = "", arn: str = "", asked: str = "") -> Finder:
    """Find the things that the answer names; for a call without an answer, the one it asked for.

    Args:
        resource_type: What they are.
        at: Where they stand in the answer: an object or a list in any spelling; empty for the answer itself.
        id_: Where in each its id stands; a thing without one is known by its name.
        name: Where in each its name stands.
        arn: Where in each its ARN stands.
        asked: Where the name stands in the request.
    """

    def find(fact: ApiCall) -> tuple[Thing, ...]:
        named = _of(fact.request, asked)
        listed = items(pick(fact.response, at) if at else fact.response)
        # Some lists hold nothing but the ids.
        found = tuple({id_: item} if isinstance(item, str) else mapping(item) for item in listed)
        found = found if any(_of(item, id_) or _of(item, name) or _of(item, arn) for item in found) else (EMPTY,)
        return tuple(
            _thing(
                resource_type,
                _of(item, id_),
                _of(item, name) or named,
                _of(item, arn),
                fact,
                body=item or fact.request,
                tagged=item,
            )
            for item in found
        )

    return find


def asked(resource_type: str, *names: str) -> Finder:
    """Find the thing that a request names.

    Args:
        resource_type: What it is.
        *names: Where its name, ARN or URL stands, the likeliest first.
    """

    def find(fact: ApiCall) -> tuple[Thing, ...]:
        given = next((found for at in names if (found := _of(fact.request, at))), "")
        return (_named(resource_type, given, fact),)

    return find


def account(fact: ApiCall) -> tuple[Thing, ...]:
    """Give the account itself."""
    return (Thing(Subject(types.ACCOUNT, fact.account_id), fact.request),)


def caller(fact: ApiCall) -> tuple[Thing, ...]:
    """Give the user who called."""
    return (Thing(Subject(types.USER, fact.actor.name, fact.actor.name, fact.actor.arn), fact.request),)


def of_user(resource_type: str) -> Finder:
    """Find what has no name of its own but its user's, such as a password."""

    def find(fact: ApiCall) -> tuple[Thing, ...]:
        user = text(fact.request, "userName") or text(fact.response, "loginProfile.userName") or fact.actor.name
        return (Thing(Subject(resource_type, user, user), fact.request, related=((types.USER, user),)),)

    return find


def access_key(fact: ApiCall) -> tuple[Thing, ...]:
    """Give the access key that was made or is named, and its user: the one named, or who called."""
    made = mapping(pick(fact.response, "accessKey"))
    user = text(fact.request, "userName") or text(made, "userName") or fact.actor.name
    key = text(made, "accessKeyId") or text(fact.request, "accessKeyId")
    return (Thing(Subject(types.ACCESS_KEY, key or user), made, related=((types.USER, user),)),)


def mfa_device(fact: ApiCall) -> tuple[Thing, ...]:
    """Give the MFA device, and its user where the call names one."""
    serial = text(fact.request, "serialNumber")
    user = text(fact.request, "userName")
    related = ((types.USER, user),) if user else ()
    arn = serial if serial.startswith("arn:") else ""
    return (Thing(Subject(types.MFA_DEVICE, serial, last_part(serial), arn), fact.request, related=related),)


def balancer(fact: ApiCall) -> tuple[Thing, ...]:
    """Give the load balancer, of the new or the classic kind, whose calls have the same name."""
    listed = items(pick(fact.response, "loadBalancers"))
    if listed:
        find = answered(
            types.LOAD_BALANCER, "loadBalancers", id_="loadBalancerArn", name="loadBalancerName", arn="loadBalancerArn"
        )
        return find(fact)
    classic = text(fact.request, "loadBalancerName")
    resource_type = types.CLASSIC_BALANCER if classic else types.LOAD_BALANCER
    return (_named(resource_type, classic or text(fact.request, "name"), fact),)


def profile_holder(fact: ApiCall) -> tuple[Thing, ...]:
    """Give the instance that gets a role, with the instance profile as its body."""
    asked_for = next((mapping(value) for key, value in fact.request.items() if key.endswith("Request")), fact.request)
    answer = next((mapping(value) for key, value in fact.response.items() if key.endswith("Response")), fact.response)
    association = mapping(pick(answer, "iamInstanceProfileAssociation"))
    instance = text(association, "instanceId") or text(asked_for, "InstanceId")
    profile = mapping(pick(asked_for, "IamInstanceProfile")) or mapping(pick(association, "iamInstanceProfile"))
    return (Thing(Subject(types.INSTANCE, instance), {"iamInstanceProfile": profile}),)


def opened_group(fact: ApiCall) -> tuple[Thing, ...]:
    """Give the security group whose rules a call changes."""
    group = text(fact.request, "groupId") or text(fact.request, "ModifySecurityGroupRulesRequest.GroupId")
    named = text(fact.request, "groupName")
    return (Thing(Subject(types.SECURITY_GROUP, group or named, named), fact.request),)


def on_the_way(resource_type: str) -> Finder:
    """Find the queue, topic or rule that a call is about; for a subscription its topic."""

    def find(fact: ApiCall) -> tuple[Thing, ...]:
        given = named_place(fact.request)
        name = place_of(given)[1]
        topic = given.rpartition(":")[0] if text(fact.request, "subscriptionArn") else given
        return (Thing(Subject(resource_type, name, name, topic if topic.startswith("arn:") else ""), fact.request),)

    return find


def judged_thing(fact: Verdict) -> tuple[Thing, ...]:
    """Give what AWS judges: the key, the resource, the user, the budget, or else the account."""
    related = ((types.USER, fact.user_name),) if fact.user_name else ()
    if fact.key_id and fact.judge is Judge.HEALTH:
        subject = Subject(types.ACCESS_KEY, fact.key_id)
    elif fact.resource_type and fact.resource_id:
        subject = Subject(fact.resource_type, fact.resource_id)
    elif fact.user_name:
        subject = Subject(types.USER, fact.user_name, fact.user_name)
    elif fact.key_id:
        subject = Subject(types.ACCESS_KEY, fact.key_id)
    else:
        subject = Subject(types.ACCOUNT, fact.account_id)
    return (Thing(subject, related=related),)


def _of(value: object, at: str) -> str:
    return text(value, at) if at else ""


def _named(resource_type: str, given: str, fact: ApiCall) -> Thing:
    is_arn = given.startswith("arn:")
    named = last_part(given) if is_arn or "://" in given else given
    return _thing(resource_type, "", named, given if is_arn else "", fact, body=fact.request, tagged=EMPTY)


def _thing(
    resource_type: str, given_id: str, named: str, arn: str, fact: ApiCall, *, body: object, tagged: object
) -> Thing:
    subject = Subject(resource_type, given_id or named, named, arn)
    return Thing(subject, mapping(body), _tags(fact, tagged))


def _tags(fact: ApiCall, item: object) -> dict[str, str]:
    found = tags(pick(fact.request, "tags")) | tags(pick(item, "tagSet"))
    for specification in items(pick(fact.request, "tagSpecificationSet")):
        found |= tags(pick(specification, "tags"))
    return found
