"""The order in which package variables are initialized (``types2/initorder.go``)."""

from __future__ import annotations

import heapq

from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.info import Initializer
from gosim.golang.types.objects import Const, Func, Object, Var
from gosim.golang.types.resolver import DeclInfo

__all__ = ["InitOrderMixin"]


class InitOrderMixin(ErrorsMixin):
    """Orders initializers, reports cycles among them."""

    def init_order(self) -> None:
        """Fill ``info.init_order``."""
        nodes = [obj for obj in self.obj_list if isinstance(obj, Const | Var)]
        succ = {obj: self._depends_on(obj) for obj in nodes}
        pred: dict[Object, list[Object]] = {obj: [] for obj in nodes}
        for obj in nodes:
            for each in succ[obj]:
                pred[each].append(obj)
        ndeps: dict[Object, int] = {obj: len(succ[obj]) for obj in nodes}
        # Constants first, then what depends on least, then source order. An entry whose count is
        # no longer right is stale.
        heap = [(isinstance(obj, Var), ndeps[obj], obj.order) for obj in nodes]
        by_order = {obj.order: obj for obj in nodes}
        heapq.heapify(heap)
        done: set[Object] = set()
        emitted: set[DeclInfo] = set()
        while heap:
            _, count, order = heapq.heappop(heap)
            obj = by_order[order]
            if obj in done or ndeps[obj] != count:
                continue
            done.add(obj)
            if count > 0:
                cycle = self._find_path(obj, obj, set())
                if cycle is not None:
                    self._report_cycle(cycle)
            for each in pred[obj]:
                ndeps[each] -= 1
                if each not in done:
                    heapq.heappush(heap, (isinstance(each, Var), ndeps[each], each.order))
            if not isinstance(obj, Var):
                continue
            info = self.obj_map[obj]
            if info.init is None or info in emitted:
                continue
            emitted.add(info)
            lhs = [obj] if info.lhs is None else info.lhs
            self.info.init_order.append(Initializer(lhs, info.init))

    def _depends_on(self, obj: Object) -> dict[Object, None]:
        """Return the constants and variables `obj` refers to, directly or through functions."""
        found: dict[Object, None] = {}
        deps = self.obj_map[obj].deps
        if not deps:
            return found
        seen: set[Object] = set()
        waiting = list(deps)
        while waiting:
            each = waiting.pop()
            if isinstance(each, Const | Var):
                found[each] = None
            elif isinstance(each, Func) and each not in seen:
                seen.add(each)
                waiting.extend(self.obj_map[each].deps)
        return found

    def _find_path(self, from_: Object, to: Object, seen: set[Object]) -> list[Object] | None:
        """Return the objects on a way from `from_` to `to`, the last first."""
        if from_ in seen:
            return None
        seen.add(from_)
        for d in sorted(self.obj_map[from_].deps, key=lambda each: each.order):
            if d is to:
                return [d]
            path = self._find_path(d, to, seen)
            if path is not None:
                return [*path, d]
        return None

    def _report_cycle(self, cycle: list[Object]) -> None:
        obj = cycle[0]
        if len(cycle) == 1:
            why = f"initialization cycle: {obj.name} refers to itself"
            self.error(obj, "InvalidInitCycle", why)
            return
        err = self.new_error("InvalidInitCycle")
        err.addf(obj, "initialization cycle for %s", obj.name)
        for following in reversed(cycle):
            err.addf(obj, "%s refers to %s", obj.name, following.name)
            obj = following
        err.report()
