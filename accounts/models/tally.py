"""How often somebody did something lately: what public limits are reckoned from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often ``what`` was done under ``name`` in the window that ends at ``ends_at``.

    ``name`` is a digest: the table holds no address of anybody.
    """

    what = models.CharField(_("what"), max_length=40)
    name = models.CharField(_("who, as a digest"), max_length=64)
    count = models.PositiveIntegerField(_("times"), default=0)
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = (models.UniqueConstraint(fields=("what", "name"), name="one_tally_for_each"),)
        indexes = (models.Index(fields=("ends_at",), name="tally_by_end"),)

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"
