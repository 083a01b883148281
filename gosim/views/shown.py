"""How values show themselves in a notebook: as a picture that survives everywhere, and as text.

Notebooks that the reader has not trusted drop SVG and scripts, but show ``<img>`` with the picture
in its address, and ``<details>``.  Terminals get text.  Nothing is printed and nothing is warned
about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from html import escape


def asked(
    makers: Mapping[str, Callable[[], str]],
    include: Collection[str] | None,
    exclude: Collection[str] | None,
) -> dict[str, str]:
    """Return what ``_repr_mimebundle_`` has to.

    Parameters
    ----------
    makers : mapping
        What makes each kind, such as ``text/plain``.
    include, exclude : collection of str, optional
        The kinds wanted or not, as IPython passes them.
    """
    return {
        kind: make()
        for kind, make in makers.items()
        if (not include or kind in include) and kind not in (exclude or ())
    }


def pre(text: str) -> str:
    """Return text in columns; exported notebooks would take the font of the page for it."""
    font = "font-family:var(--jp-code-font-family,monospace);font-size:13px;line-height:1.35"
    return f'<pre style="{font}">{escape(text)}</pre>'


class Shown:
    """Base of what shows itself: it can be made SVG and text, and says what the picture is of."""

    def to_svg(self) -> str:
        """Return the picture as SVG."""
        raise NotImplementedError

    def to_text(self) -> str:
        """Return the same in words."""
        raise NotImplementedError

    def _alt(self) -> str:
        """Return one sentence for who cannot see the picture."""
        raise NotImplementedError

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def _repr_mimebundle_(
        self,
        include: Collection[str] | None = None,
        exclude: Collection[str] | None = None,
    ) -> dict[str, str]:
        return asked({"text/plain": self.to_text, "text/html": self._to_img}, include, exclude)

    def _to_img(self) -> str:
        import base64

        address = base64.b64encode(self.to_svg().encode()).decode()
        return (
            f'<img alt="{escape(self._alt())}" src="data:image/svg+xml;base64,{address}">'
            f"<details><summary>as text</summary>{pre(self.to_text())}</details>"
        )
