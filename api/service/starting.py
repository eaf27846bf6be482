"""Whether the network that the service is told of is there, before anybody asks."""

from __future__ import annotations

from api.service.networks import Networks
from graph.errors import OutsideError
from graph.language import Text
from planner.shipped import find_scenario


def demand_network(networks: Networks) -> Text | None:
    """Refuse a network that is not in its store, or a scenario that is nowhere: a slip, which waiting does not mend.

    Parameters
    ----------
    networks : Networks
        As the service is told of them.

    Returns
    -------
    Text or None
        A warning where the store cannot be reached now: the service starts, and is ready once it can be.

    Raises
    ------
    UsageError
        When there is no such network or scenario; with what may be meant.
    """
    if not networks.stored:
        find_scenario(networks.where)
        return None
    try:
        store, name = networks.store()
        store.head(name)
    except OutsideError as error:
        return Text(
            f"现在读不到网络 {networks.where}：{error.text.zh}；服务已开，可读时即可用（见 /readyz）",
            f"the network {networks.where} cannot be reached now: {error.text.en}; the service starts, and answers once it can be (see /readyz)",
        )
    return None
