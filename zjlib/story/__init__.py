"""The charts of the story, a method each: `Charts(report, language="zh").trade_levels()`."""

from zjlib.charts import Chart
from zjlib.story.business import Business
from zjlib.story.outcomes import Outcomes
from zjlib.story.places import Places
from zjlib.story.policy import Policy
from zjlib.story.programme import Programme
from zjlib.story.prose import Prose
from zjlib.story.trade import Trade

__all__ = ["Charts", "Prose"]


class Charts(Programme, Trade, Business, Policy, Places, Outcomes):
    """The charts of a report. `currency='USD'` needs `rate` (yuan a dollar) and `rate_date`; see `Wording` for `scale`."""

    @property
    def names(self) -> list[str]:
        """The names of all charts, in the story's order."""
        chapters = reversed([part for part in type(self).__mro__[::-1] if part.__module__.startswith("zjlib.story.")])
        return [name for part in chapters for name, method in vars(part).items() if _draws(method) and name[0] != "_"]

    def all(self) -> list[Chart]:
        """Every chart."""
        return [getattr(self, name)() for name in self.names]


def _draws(method: object) -> bool:
    return getattr(method, "__annotations__", {}).get("return") is Chart
