"""Random Go programs that compile, end, and do nothing whose result Go leaves open.

`program` makes one from a seed. What Go leaves open is avoided by construction: maps are printed
through ``fmt`` (which sorts) or ranged over by sorted keys, expressions call only functions
without side effects, pointers are not printed, goroutines hand over in a fixed order.
"""

# ruff: noqa: E501 -- lines of Go

from __future__ import annotations

from collections.abc import Callable

from golang_expressions import (
    BOOL,
    FLOATS,
    HELPERS,
    INT,
    INTS,
    STRING,
    Func,
    T,
    Var,
    map_of,
    ptr_to,
    slice_of,
)
from golang_features import DECLARATIONS, Features

IMPORTS = (
    """cmp errors fmt iter math math/bits math/rand os runtime slices sort strconv strings sync"""
)


class Program(Features):
    """The making of one program."""

    def source(self) -> str:
        """Return the program."""
        r = self.r
        self.put(f"package {self.package}")
        self.put("")
        self.put("import (")
        self.lines += [f'\t"{name}"' for name in IMPORTS.split()]
        self.put(")")
        self.lines += HELPERS.split("\n")
        self.lines += DECLARATIONS.split("\n")
        self.put("var _, _, _, _ = errors.New, strings.ToUpper, sync.OnceFunc, os.Exit")
        self.put("var _, _, _, _, _ = math.Sqrt, bits.Len, rand.New, sort.Ints, strconv.Itoa")
        for _ in range(r.randint(1, 2)):
            self.named_type()
        for _ in range(r.randint(2, 4)):
            self.struct_type()
        self.interface_type()
        for _ in range(r.randint(2, 3)):
            self.pure_function()
        for _ in range(r.randint(2, 4)):
            self.function()
        with self.block(f"func {self.main}() {{"):
            self.put("fmt.Println(started)")
            self.body(r.randint(12, 20))
            self.finale()
        return "\n".join(self.lines) + "\n"

    # -- declarations -----------------------------------------------------------------------------

    def named_type(self) -> None:
        under = INT[self.r.choice(INTS)]
        t = T("int", f"N{len(self.named)}")
        t = T("named", t.text, under)
        self.put(f"type {t.text} {under.text}")
        self.put("")
        self.methods[t.text] = []
        if self.r.random() < 0.5:
            with self.block(f"func (n {t.text}) String() string {{"):
                self.put(f'return fmt.Sprintf("{t.text}(%d)", {under.text}(n))')
            self.put("")
        self.method(t, "n", t)
        self.named.append(t)

    def struct_type(self) -> None:
        r = self.r
        name = f"S{len(self.structs)}"
        fields: list[tuple[str, T]] = []
        embedded: T | None = None
        if self.structs and r.random() < 0.4:
            embedded = r.choice(self.structs)
            fields.append((embedded.text, embedded))
        taken = {n for n, _ in embedded.fields} if embedded else set()
        for i in range(r.randint(1, 4)):
            field = f"f{len(self.structs)}{'abcd'[i]}"
            if field not in taken:
                fields.append((field, self.type(1)))
        t = T("struct", name, fields=tuple(fields))
        with self.block(f"type {name} struct {{"):
            for field, f in fields:
                self.put(f.text if embedded and field == embedded.text else f"{field} {f.text}")
        self.put("")
        self.methods[name] = []
        for _ in range(r.randint(0, 2)):
            self.method(t, "s", t)
        if r.random() < 0.6:
            self.pointer_method(t)
        self.structs.append(t)

    def method(self, t: T, receiver: str, own: T) -> None:
        """A pure method with a value receiver."""
        name = self.name("M")
        params = [self.basic() for _ in range(self.r.randint(0, 2))]
        result = self.basic()
        variables = [Var(self.name("a"), p) for p in params]
        head = ", ".join(f"{v.name} {v.type.text}" for v in variables)
        with self.scope(Var(receiver, own), *variables):
            with self.block(f"func ({receiver} {t.text}) {name}({head}) {result.text} {{"):
                self.pure_body([result])
        self.put("")
        self.methods[t.text].append((name, params, result, True))

    def pointer_method(self, t: T) -> None:
        """A method that changes what its receiver points at."""
        name = self.name("Set")
        param = self.type(1)
        v = Var(self.name("a"), param)
        with self.scope(Var("s", ptr_to(t), False), v):
            with self.block(f"func (s *{t.text}) {name}({v.name} {param.text}) int {{"):
                for field, f in t.fields:
                    if self.r.random() < 0.6:
                        self.put(f"s.{field} = {self.expr(f, 1)}")
                self.put(f"return {self.expr(INT['int'], 1)}")
        self.put("")
        self.methods[t.text].append((name, [param], INT["int"], False))

    def interface_type(self) -> None:
        """An interface that some types implement."""
        methods = "Area() int"
        types = [t for t in (*self.structs, *self.named) if self.r.random() < 0.8]
        types = types or [self.structs[0]]
        with self.block("type I0 interface {"):
            self.put(methods)
        self.put("")
        for t in types:
            with self.scope(Var("x", t)):
                with self.block(f"func (x {t.text}) Area() int {{"):
                    self.pure_body([INT["int"]])
            self.put("")
        self.ifaces.append((T("iface", "I0"), types))

    def pure_function(self) -> None:
        r = self.r
        params: list[T] = []
        for _ in range(r.randint(1, 3)):
            t = self.type(1)
            params.append(t if self.is_value(t) else self.basic())
        result = self.type(1)
        if not self.is_value(result):
            result = self.basic()
        name = self.name("pure")
        variables = [Var(self.name("a"), p) for p in params]
        head = ", ".join(f"{v.name} {v.type.text}" for v in variables)
        with self.scope(*variables):
            with self.block(f"func {name}({head}) {result.text} {{"):
                self.pure_body([result])
        self.put("")
        self.funcs.append(Func(name, params, [result], True))

    def pure_body(self, results: list[T]) -> None:
        """Statements without output, and a return."""
        self.pure, before = True, self.results
        self.results = results
        zero = ", ".join(self.literal(t, 0) for t in results)
        with self.block("if !burn() {"):
            self.put(f"return {zero}")
        for _ in range(self.r.randint(0, 3)):
            self.statement(1)
        self.leave()
        self.pure, self.results = False, before

    def leave(self) -> None:
        """Return from the function."""
        assert self.results is not None
        self.budget = 25
        self.put(f"return {', '.join(self.expr(t, 2) for t in self.results)}".rstrip())

    def function(self) -> None:
        """A function that may print, change what it is given, and panic."""
        r = self.r
        params = [self.type(2) for _ in range(r.randint(1, 3))]
        if self.structs and r.random() < 0.5:
            params.append(ptr_to(r.choice(self.structs)))
        results = [self.type(1) for _ in range(r.randint(0, 2))]
        name = self.name("f")
        variables = [Var(self.name("a"), p) for p in params]
        head = ", ".join(f"{v.name} {v.type.text}" for v in variables)
        named = [Var(self.name("r"), t) for t in results] if r.random() < 0.4 else []
        out = ", ".join(f"{v.name} {v.type.text}" for v in named) or ", ".join(
            t.text for t in results
        )
        before, self.results = self.results, results
        with self.scope(*variables, *named):
            with self.block(f"func {name}({head}) ({out}) {{"):
                if named and r.random() < 0.6:
                    v = r.choice(named)
                    with self.block("defer func() {", "}()"):
                        with self.block("if r := recover(); r != nil {"):
                            self.put(f'fmt.Println("{name} recovered", r)')
                        self.put(f"{v.name} = {self.expr(v.type, 1)}")
                with self.block("if !burn() {"):
                    self.put("return " + ", ".join(self.literal(t, 0) for t in results))
                self.body(r.randint(2, 6))
                self.leave()
        self.put("")
        self.results = before
        self.funcs.append(Func(name, params, results, False))

    # -- statements -------------------------------------------------------------------------------

    def body(self, n: int) -> None:
        """Some statements."""
        for _ in range(n):
            self.statement(3)

    def statement(self, deep: int) -> None:
        """A statement."""
        self.budget = 25
        simple: list[Callable[[int], None]] = [
            self.declaration, self.declaration, self.assignment, self.assignment, self.update,
            self.element,
        ]  # fmt: skip
        nested: list[Callable[[int], None]] = [
            self.conditional, self.counting, self.ranging, self.switching,
        ]  # fmt: skip
        loud: list[Callable[[int], None]] = [
            self.printing, self.printing, self.calling, self.pointing, self.attempting,
            self.goroutines, self.deferring, self.typeswitch, self.copying, self.generic,
            self.closing, self.feature, self.feature, self.feature, self.feature,
        ]  # fmt: skip
        options = simple * 2 + (nested if deep > 0 else [])
        if not self.pure:
            options = options + (loud if deep > 1 else loud[:2])
        self.r.choice(options)(deep - 1)

    def declaration(self, deep: int) -> None:
        r = self.r
        if r.random() < 0.08 and not self.pure:
            t = self.ifaces[0][0] if self.ifaces else self.basic()
            self.declare(t, self.literal(t))
            return
        t = self.basic() if self.pure else self.type(2)
        self.declare(t, self.expr(t, 2))

    def assignable(self) -> tuple[str, T] | None:
        """Somewhere to assign to."""
        r = self.r
        found = self.variables(lambda v: v.mutable or v.type.kind == "ptr")
        if not found:
            return None
        v = r.choice(found[-10:])
        place, t = v.name, v.type
        while True:
            fields = (
                t.fields
                if t.kind == "struct"
                else t.elem.fields
                if t.kind == "ptr" and t.elem
                else ()
            )
            if fields and (t.kind == "ptr" or r.random() < 0.7):
                if self.pure and t.kind == "ptr":
                    return None
                name, t = r.choice(fields)
                place += "." + name
            elif t.kind == "array" and r.random() < 0.7:
                assert t.elem is not None
                place += f"[{r.randrange(t.n)}]"
                t = t.elem
            else:
                break
        return (place, t) if t.kind not in ("ptr", "func", "iface") else None

    def assignment(self, deep: int) -> None:
        found = self.assignable()
        if found is None:
            return
        place, t = found
        self.put(f"{place} = {self.expr(t, 3)}")

    def update(self, deep: int) -> None:
        """``op=``, ``++`` and swaps."""
        r = self.r
        if r.random() < 0.2:
            t = self.basic()
            some = self.variables(lambda v: v.mutable and v.type == t)
            if len(some) >= 2:
                a, b = r.sample(some, 2)
                self.put(f"{a.name}, {b.name} = {b.name}, {self.expr(t, 1)}")
                return
        for _ in range(5):
            found = self.assignable()
            if found is None:
                return
            place, t = found
            if t.kind in ("int", "named"):
                op = r.choice(["+=", "-=", "*=", "&=", "|=", "^=", "++", "--", "/=", "%=", "<<="])
                if op in ("++", "--"):
                    self.put(place + op)
                elif op in ("/=", "%="):
                    self.put(f"{place} {op} {self.fixed(t, 1)} | 1")
                elif op == "<<=":
                    self.put(f"{place} {op} {r.randint(0, 9)}")
                else:
                    self.put(f"{place} {op} {self.operand(t, 2)}")
                return
            if t.kind == "float":
                self.put(f"{place} {r.choice(['+=', '-=', '*='])} {self.expr(t, 1)}")
                return
            if t.kind == "string":
                self.put(f"{place} += {self.expr(t, 0)}")
                self.put(f"{place} = clip({place})")
                return

    def element(self, deep: int) -> None:
        """Change an element of a slice or map, append or delete."""
        r = self.r
        if self.pure:
            return
        v = self.pick_kind(("slice", "map"))
        if v is None:
            return
        t = v.type
        assert t.elem is not None
        if t.kind == "map":
            assert t.key is not None
            key = self.expr(t.key, 1)
            which = r.randrange(5)
            if which == 0:
                self.put(f"delete({v.name}, {key})")
            elif which == 1:
                x, ok = self.name("x"), self.name("ok")
                with self.block(f"if {x}, {ok} := {v.name}[{key}]; {ok} {{"):
                    self.put(f"fmt.Println({self.shown(x, t.elem)}, len({v.name}))")
            elif which == 2 and t.elem.kind == "int":
                self.put(f"{v.name}[{key}] += {self.operand(t.elem, 1)}")
            else:
                self.put(f"{v.name}[{key}] = {self.expr(t.elem, 2)}")
            return
        which = r.randrange(5)
        if which == 0 and v.mutable:
            self.put(f"{v.name} = short(append({v.name}, {self.expr(t.elem, 1)}))")
        elif which == 1:
            i = r.randint(0, 3)
            with self.block(f"if len({v.name}) > {i} {{"):
                self.put(f"{v.name}[{i}] = {self.expr(t.elem, 1)}")
        elif which == 2:
            with self.block(f"if n := len({v.name}); n > 1 {{"):
                self.put(f"{v.name}[0], {v.name}[n-1] = {v.name}[n-1], {v.name}[0]")
        elif which == 3 and v.mutable:
            with self.block(f"if len({v.name}) > 2 {{"):
                cut = r.choice(["1:", ":2", "1:2", "1:2:2", ":0"])
                self.put(f"{v.name} = {v.name}[{cut}]")
        else:
            # Not its capacity: whether a small array is on the stack decides that.
            self.put(f"fmt.Println(len({v.name}), {v.name} == nil)")

    def pick_kind(self, kinds: tuple[str, ...]) -> Var | None:
        found = self.variables(lambda v: v.type.kind in kinds)
        return self.r.choice(found[-8:]) if found else None

    def shown(self, name: str, t: T) -> str:
        """An expression that prints the same everywhere."""
        if t.kind == "ptr":
            return "*" + name
        return f"{name} != nil" if t.kind == "func" else name

    def conditional(self, deep: int) -> None:
        with self.block(f"if {self.expr(BOOL, 2)} {{", "}" if self.r.random() < 0.5 else ""):
            self.some(deep)
        if not self.lines[-1]:
            self.lines.pop()
            with self.block("} else {"):
                self.some(deep)

    def some(self, deep: int) -> None:
        """One to three statements."""
        for _ in range(self.r.randint(1, 3)):
            self.statement(deep)

    def counting(self, deep: int) -> None:
        """A loop that counts, perhaps with a label."""
        r = self.r
        i = self.name("i")
        label = self.name("L") if r.random() < 0.3 else ""
        if label:
            self.put(f"{label}:")
        head = r.choice(
            [f"{i} := 0; {i} < {r.randint(1, 4)}; {i}++", f"{i} := range {r.randint(1, 4)}"]
        )
        with self.block(f"for {head} {{"):
            self.put(f"_ = {i}")
            self.scopes[-1].append(Var(i, INT["int"], False))
            with self.block("if !burn() {"):
                self.put("break")
            self.some(deep)
            if label:
                j = self.name("j")
                with self.block(f"for {j} := range {r.randint(1, 3)} {{"):
                    self.put(f"_ = {j}")
                    self.scopes[-1].append(Var(j, INT["int"], False))
                    self.statement(deep)
                    with self.block(f"if {self.expr(BOOL, 1)} {{"):
                        self.put(f"{r.choice(['break', 'continue'])} {label}")
            elif r.random() < 0.4:
                with self.block(f"if {self.expr(BOOL, 1)} {{"):
                    self.put(r.choice(["break", "continue"]))

    def ranging(self, deep: int) -> None:
        r = self.r
        v = self.pick_kind(("slice", "array", "string", "map"))
        i, x = self.name("i"), self.name("x")
        if v is None or r.random() < 0.2:
            t = INT[r.choice(["int", "uint8", "int64"])]
            with self.block(f"for {x} := range upTo({t.text}({r.randint(1, 4)})) {{"):
                self.put(f"_ = {x}")
                self.scopes[-1].append(Var(x, t, False))
                with self.block("if !burn() {"):
                    self.put(r.choice(["break", "continue"]))
                self.some(deep)
            return
        t = v.type
        if t.kind == "map":
            assert t.key is not None and t.elem is not None
            with self.block(f"for _, {i} := range sortedKeys({v.name}) {{"):
                self.scopes[-1].append(Var(i, t.key, False))
                self.put(f"{x} := {v.name}[{i}]")
                self.put(f"_ = {x}")
                self.scopes[-1].append(Var(x, t.elem))
                with self.block("if !burn() {"):
                    self.put("break")
                self.some(deep)
            return
        elem = INT["int32"] if t.kind == "string" else t.elem
        assert elem is not None
        with self.block(f"for {i}, {x} := range {v.name} {{"):
            self.put(f"_, _ = {i}, {x}")
            self.scopes[-1] += [Var(i, INT["int"], False), Var(x, elem, False)]
            with self.block("if !burn() {"):
                self.put("break")
            self.some(deep)

    def switching(self, deep: int) -> None:
        r = self.r
        t = r.choice([INT[r.choice(INTS)], STRING])
        cases: dict[str, None] = {}
        for _ in range(r.randint(1, 4)):
            cases[self.literal(t)] = None
        with self.block(f"switch {self.fixed(t, 2)} {{"):
            for n, case in enumerate(cases):
                self.put(f"case {case}:")
                self.some_in_case(deep)
                if n + 1 < len(cases) and r.random() < 0.2:
                    self.put("\tfallthrough")
            if r.random() < 0.7:
                self.put("default:")
                self.some_in_case(deep)

    def some_in_case(self, deep: int) -> None:
        self.depth += 1
        self.scopes.append([])
        self.some(deep)
        self.scopes.pop()
        self.depth -= 1

    def printing(self, deep: int) -> None:
        r = self.r
        found = self.variables(lambda v: v.type.kind != "func")
        some = r.sample(found, min(len(found), r.randint(1, 3))) if found else []
        if r.random() < 0.5:
            args = [self.shown(v.name, v.type) for v in some]
            args.append(self.expr(self.basic(), 3))
            self.put(f"fmt.Println({', '.join(args)})")
            return
        parts, args = [], []
        for v in some:
            verbs = ["%v", "%+v", "%T"]
            verbs += {
                "int": ["%d", "%x", "%5d|", "%-4d|", "%+d", "%b", "%08d", "%#x", "%c", "%q"],
                "string": ["%s", "%q", "%x", "%10s|", "%-8s|", "%.2s", "%#v"],
                "float": ["%g", "%f", "%.3f", "%8.2f|", "%e"],
                "bool": ["%t"],
                "slice": ["%#v", "%d", "%q"],
                "struct": ["%#v", "%d"],
                "map": ["%#v"],
                "array": ["%#v"],
            }.get(v.type.kind, [])
            parts.append(r.choice(verbs))
            args.append(self.shown(v.name, v.type))
        self.put(f'fmt.Printf("{" ".join(parts)}\\n"{"".join(", " + a for a in args)})')

    def calling(self, deep: int) -> None:
        """A call with side effects, as a statement of its own."""
        r = self.r
        funcs = [f for f in self.funcs if not f.pure]
        if not funcs:
            return
        f = r.choice(funcs)
        args = []
        for p in f.params:
            if p.kind == "ptr":
                assert p.elem is not None
                v = self.pick(p.elem, mutable=True)
                args.append("&" + v.name if v is not None else self.literal(p, 1))
            else:
                args.append(self.expr(p, 2))
        call = f"{f.name}({', '.join(args)})"
        if not f.results:
            self.put(call)
            return
        names = [Var(self.name("v"), t) for t in f.results]
        self.put(f"{', '.join(v.name for v in names)} := {call}")
        self.put(f"{', '.join('_' for _ in names)} = {', '.join(v.name for v in names)}")
        self.scopes[-1] += names

    def pointing(self, deep: int) -> None:
        """A pointer to a struct, and what happens through it."""
        v = self.pick_kind(("struct",))
        if v is None:
            return
        p = self.name("p")
        self.put(f"{p} := &{v.name}")
        for name, params, _, pure in self.methods.get(v.type.text, []):
            if not pure:
                self.put(f"fmt.Println({p}.{name}({self.expr(params[0], 1)}))")
        t = v.type
        field, f = self.r.choice(t.fields)
        self.put(f"{p}.{field} = {self.expr(f, 1)}")
        self.put(f"fmt.Println({v.name}, {p} == &{v.name})")

    def copying(self, deep: int) -> None:
        """Copies of structs and arrays are their own."""
        v = self.pick_kind(("struct", "array"))
        if v is None:
            return
        c = Var(self.name("c"), v.type)
        self.put(f"{c.name} := {v.name}")
        self.scopes[-1].append(c)
        self.assignment(0)
        if v.type.kind == "struct":
            field, f = self.r.choice(v.type.fields)
            self.put(f"{c.name}.{field} = {self.expr(f, 1)}")
        else:
            assert v.type.elem is not None
            self.put(f"{c.name}[0] = {self.expr(v.type.elem, 1)}")
        self.put(f"fmt.Println({v.name}, {c.name})")
        if self.comparable(v.type):
            self.put(f"fmt.Println({v.name} == {c.name}, any({v.name}) == any({c.name}))")

    def closing(self, deep: int) -> None:
        """Closures over variables that change."""
        r = self.r
        n, f = self.name("n"), self.name("f")
        t = INT[r.choice(INTS)]
        self.put(f"var {n} {t.text} = {self.expr(t, 1)}")
        with self.block(f"{f} := func(d {t.text}) {t.text} {{"):
            self.put(f"{n} {r.choice(['+=', '-=', '*=', '^='])} d")
            self.put(f"return {n} {r.choice(['+', '^', '|'])} d")
        self.put(f"fmt.Println({f}({self.expr(t, 1)}))")
        fs = self.name("fs")
        self.put(f"var {fs} []func() {t.text}")
        with self.block("for i := range 3 {"):
            self.put(
                f"{fs} = append({fs}, func() {t.text} {{ i++; {n}++; return {n} + {t.text}(i) }})"
            )
        with self.block(f"for _, each := range {fs} {{"):
            self.put('fmt.Print(each(), each(), " ")')
        self.put(f"fmt.Println({n})")
        v = self.pick_kind(("named", "struct"))
        if v is not None:
            for name, params, _, pure in self.methods.get(v.type.text, [])[:1]:
                if pure:
                    m = self.name("m")
                    self.put(f"{m} := {v.name}.{name}")
                    self.put(f"fmt.Println({m}({', '.join(self.expr(p, 1) for p in params)}))")

    def generic(self, deep: int) -> None:
        """Generic types at work."""
        r = self.r
        t = self.type(1)
        s = self.name("s")
        self.put(f"var {s} stack[{t.text}]")
        for _ in range(r.randint(1, 3)):
            self.put(f"{s}.push({self.expr(t, 1)})")
        x, ok = self.name("x"), self.name("ok")
        self.put(f"{x}, {ok} := {s}.pop()")
        self.put(f"fmt.Println({x}, {ok}, len({s}.items))")
        self.scopes[-1].append(Var(x, t))
        u = self.basic()
        p = self.name("p")
        self.put(f"{p} := pair[string, {u.text}]{{{self.expr(STRING, 1)}, {self.expr(u, 1)}}}")
        self.put(f'fmt.Printf("%v %+v %T\\n", {p}, {p}.swapped({self.expr(u, 1)}), {p})')
        a, b, e = self.basic(), self.basic(), self.name("e")
        with self.scope(Var(e, a, False)):
            body = self.expr(b, 1)
        self.put(
            f"fmt.Println(folded({self.expr(slice_of(a), 1)}, {self.expr(STRING, 0)}, func(acc string, "
            f'{e} {a.text}) string {{ return clip(acc + fmt.Sprint({body}, ",")) }}))'
        )
        m = map_of(self.key(), self.basic())
        self.put(f"fmt.Println(sortedKeys({self.expr(m, 2)}))")

    def typeswitch(self, deep: int) -> None:
        """What is in an interface."""
        r = self.r
        x = self.name("x")
        values = [self.type(1) for _ in range(3)]
        items = [self.expr(t, 1) for t in values]
        items += ["nil", 'failure{3, "x"}']
        with self.block(f"for _, {x} := range []any{{{', '.join(items)}}} {{"):
            with self.block(f"switch y := {x}.(type) {{"):
                seen: dict[str, None] = {}
                for t in (*values[:2], self.basic()):
                    if t.text in seen:
                        continue
                    seen[t.text] = None
                    self.put(f"case {t.text}:")
                    self.put(f'\tfmt.Printf("{t.text} %v\\n", y)')
                self.put("case error:")
                self.put('\tfmt.Println("error", y)')
                self.put("case fmt.Stringer, I0:")
                self.put('\tfmt.Printf("%T %v\\n", y, y)')
                self.put("case nil:")
                self.put('\tfmt.Println("nil", y == nil)')
                self.put("default:")
                self.put('\tfmt.Printf("other %T\\n", y)')
            t = r.choice(values)
            self.put(f"z, ok := {x}.({t.text})")
            self.put("fmt.Println(z, ok)")
        iface, types = self.ifaces[0]
        some = ", ".join(self.literal(r.choice(types), 1) for _ in range(2))
        with self.block(f"for _, x := range []{iface.text}{{{some}}} {{"):
            self.put("fmt.Println(x.Area(), x)")

    def deferring(self, deep: int) -> None:
        """Deferred calls in a function of their own."""
        t = self.basic()
        with self.block("func() {", "}()"):
            v = self.declare(t, self.expr(t, 1))
            self.put(f'defer fmt.Println("deferred", {v.name})')
            with self.block("for i := range 2 {"):
                with self.block("defer func() {", "}()"):
                    self.put(f'fmt.Println("deferred", i, {v.name})')
            self.put(f"{v.name} = {self.expr(t, 1)}")
            self.statement(deep)

    def attempting(self, deep: int) -> None:
        """Something that may panic, and is recovered."""
        with self.block(f'attempt("{self.name("try")}", func() {{', "})"):
            self.statement(min(deep, 1))
            if self.r.random() < 0.8:
                self.panicking()

    def panicking(self) -> None:
        """A statement that panics."""
        r = self.r
        s, i = self.name("s"), self.name("i")
        n = r.randint(0, 4)
        t = self.basic()
        u = self.basic()
        while u == t:
            u = self.basic()
        kinds = [
            [f"{s}, {i} := make([]{t.text}, {n}), {n + r.randint(0, 2)}", f"{s}[{i}] = {self.expr(t, 1)}"],
            [f"{s}, {i} := make([]{t.text}, {n}), -{r.randint(1, 3)}", f"fmt.Println({s}[{i}])"],
            [f"{s}, {i} := make([]{t.text}, {n}), {n + 1}", f"fmt.Println({s}[{i}:{n}])"],
            [f"{s}, {i} := make([]{t.text}, {n}, 9), 10", f"fmt.Println({s}[:{i}])"],
            [f'{s}, {i} := "text", {r.randint(5, 9)}', f"fmt.Println({s}[{i}])"],
            [f'{s}, {i} := "text", {r.randint(5, 9)}', f"fmt.Println({s}[{i}:])"],
            [f"{i} := id(0)", f"fmt.Println({self.expr(INT['int'], 1)} / {i})"],
            [f"{i} := uint8(id(0))", f"fmt.Println({self.expr(INT['uint8'], 1)} % {i})"],
            [f"{i} := -id(1)", f"fmt.Println(1 << {i})"],
            [f"var {s} map[string]{t.text}", f'{s}["k"] = {self.expr(t, 1)}'],
            [f"var {s} *failure", f"fmt.Println({s}.code)"],
            [f"var {s} error", f"fmt.Println({s}.Error())"],
            [f"var {s} any = {self.expr(t, 1)}", f"fmt.Println({s}.({u.text}))"],
            [f"var {s} any", f"fmt.Println({s}.({u.text}))"],
            [f"var {s} any = {self.expr(t, 1)}", f"fmt.Println({s}.(error))"],
            [f"var {s} func()", f"{s}()"],
            [f"{s} := make(chan int)", f"close({s})", f"close({s})"],
            [f"{s} := make([]int, {n})", f"fmt.Println([{n + 1}]int({s}))"],
            [f"{i} := -id({n + 1})", f"fmt.Println(make([]int, {i}))"],
            [f"panic({self.expr(INT['int'], 1)})"],
            [f"panic({self.expr(STRING, 1)})"],
            [f"panic({self.expr(FLOATS[0], 1)})"],
            [f"panic(failure{{{n}, {self.expr(STRING, 0)}}})"],
            [f'panic(fmt.Errorf("wrapped %w", failure{{{n}, "in"}}))'],
            [f'panic(errors.New({self.expr(STRING, 0)}))'],
        ]  # fmt: skip
        for line in r.choice(kinds):
            self.put(line)

    def goroutines(self, deep: int) -> None:
        """Goroutines whose output has one possible order."""
        r = self.r
        which = r.randrange(6)
        t = self.basic()
        ch, n = self.name("ch"), r.randint(1, 4)
        if which == 0:
            self.put(f"{ch} := make(chan {t.text}{r.choice(['', f', {n}'])})")
            with self.block("go func() {", "}()"):
                self.put(f"defer close({ch})")
                with self.block(f"for range {n} {{"):
                    self.put(f"{ch} <- {self.expr(t, 1)}")
            with self.block(f"for x := range {ch} {{"):
                self.put('fmt.Print(x, " ")')
            self.put("fmt.Println()")
        elif which == 1:
            wg, results = self.name("wg"), self.name("rs")
            self.put(f"var {wg} sync.WaitGroup")
            self.put(f"{results} := make([]{t.text}, {n})")
            with self.block(f"for i := range {results} {{"):
                self.put(f"{wg}.Add(1)")
                with self.block("go func() {", "}()"):
                    self.put(f"defer {wg}.Done()")
                    with self.scope(Var("i", INT["int"], False)):
                        self.put(f"{results}[i] = {self.expr(t, 2)}")
            self.put(f"{wg}.Wait()")
            self.put(f"fmt.Println({results})")
        elif which == 2:
            mu, wg, sum_ = self.name("mu"), self.name("wg"), self.name("sum")
            u = INT[r.choice(INTS)]
            self.put(f"var {mu} sync.Mutex")
            self.put(f"var {wg} sync.WaitGroup")
            self.put(f"var {sum_} {u.text}")
            with self.block(f"for i := range {n + 1} {{"):
                self.put(f"{wg}.Add(1)")
                with self.block("go func() {", "}()"):
                    self.put(f"defer {wg}.Done()")
                    self.put(f"{mu}.Lock()")
                    self.put(f"defer {mu}.Unlock()")
                    self.put(f"{sum_} += {u.text}(i) * {self.literal(u)}")
            self.put(f"{wg}.Wait()")
            self.put(f"fmt.Println({sum_})")
        elif which == 3:
            back = self.name("back")
            self.put(f"{ch}, {back} := make(chan {t.text}), make(chan string)")
            with self.block("go func() {", "}()"):
                with self.block(f"for x := range {ch} {{"):
                    self.put(f'{back} <- fmt.Sprint("got ", x)')
                self.put(f"close({back})")
            with self.block(f"for i := range {n} {{"):
                with self.scope(Var("i", INT["int"], False)):
                    self.put(f"{ch} <- {self.expr(t, 1)}")
                self.put(f"fmt.Println(i, <-{back})")
            self.put(f"close({ch})")
            self.put(f"_, {ch}ok := <-{back}")
            self.put(f"fmt.Println({ch}ok)")
        elif which == 4:
            other = self.name("ch")
            self.put(f"{ch}, {other} := make(chan {t.text}, 1), make(chan bool)")
            with self.block("select {"):
                self.put(f"case x := <-{ch}:")
                self.put("\tfmt.Println(x)")
                self.put("default:")
                self.put('\tfmt.Println("empty")')
            self.put(f"{ch} <- {self.expr(t, 1)}")
            with self.block("select {"):
                self.put(f"case x, ok := <-{ch}:")
                self.put(f"\tfmt.Println(x, ok, len({ch}), cap({ch}))")
                self.put(f"case <-{other}:")
                self.put('\tfmt.Println("other")')
        else:
            once, o = self.name("once"), self.name("o")
            self.put(f"var {once} sync.Once")
            self.put(f"{o} := make(chan int)")
            with self.block(f"for i := range {n} {{"):
                with self.block("go func() {", "}()"):
                    self.put(f'{once}.Do(func() {{ fmt.Println("once") }})')
                    self.put(f"{o} <- i")
            self.put(f"{o}sum := 0")
            with self.block(f"for range {n} {{"):
                self.put(f"{o}sum += <-{o}")
            self.put(f"fmt.Println({o}sum)")

    def finale(self) -> None:
        """How the program ends."""
        r = self.r
        for v in self.variables(lambda v: v.type.kind not in ("func",))[-6:]:
            self.put(f"fmt.Println({self.shown(v.name, v.type)})")
        which = r.random()
        if which < 0.2:
            self.put('defer fmt.Println("deferred by main")')
            self.panicking()
        elif which < 0.26:
            self.put(f"os.Exit({r.randint(0, 4)})")
        elif which < 0.3:
            self.put("<-make(chan int)")
        elif which < 0.34:
            self.put("done := make(chan bool)")
            with self.block("go func() {", "}()"):
                self.panicking()
            self.put("<-done")


def program(seed: int, package: str = "main", main: str = "main") -> str:
    """Return the source of the program with this number."""
    return Program(seed, package, main).source()
