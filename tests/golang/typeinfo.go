// Dumps what go/types finds out about single-file packages.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"reflect"
	"strings"
)

func main() {
	exports := map[string]string{}
	cfg, _ := os.Open(os.Args[1])
	s := bufio.NewScanner(cfg)
	for s.Scan() {
		line := strings.TrimPrefix(s.Text(), "packagefile ")
		if p, f, ok := strings.Cut(line, "="); ok {
			exports[p] = f
		}
	}
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		f, ok := exports[path]
		if !ok {
			return nil, fmt.Errorf("no %s", path)
		}
		return os.Open(f)
	})
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		dump(out, fset, imp, in.Text())
		fmt.Fprintln(out, "END")
		out.Flush()
	}
}

func dump(out io.Writer, fset *token.FileSet, imp types.Importer, name string) {
	file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
	if err != nil {
		fmt.Fprintln(out, "ERROR", err)
		return
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
	}
	failed := false
	conf := types.Config{Importer: imp, Error: func(err error) { failed = true; fmt.Fprintln(out, "ERROR", err) }, Sizes: types.SizesFor("gc", "amd64")}
	pkg, _ := conf.Check("main", fset, []*ast.File{file}, info)
	if failed {
		return
	}
	base := fset.File(file.Pos()).Base()
	off := func(p token.Pos) int {
		if !p.IsValid() {
			return -1
		}
		return int(p) - base
	}
	qf := func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Path()
	}
	ts := func(t types.Type) string {
		if t == nil {
			return "<nil>"
		}
		return types.TypeString(t, qf)
	}
	obj := func(o types.Object) string {
		if o == nil {
			return "<nil>"
		}
		pos := off(o.Pos())
		if o.Pkg() != pkg {
			pos = -1
		}
		kind := reflect.TypeOf(o).Elem().Name()
		if v, ok := o.(*types.Var); ok {
			if v.IsField() {
				kind = "Field"
			}
			if v.Embedded() {
				kind = "Embedded"
			}
		}
		val := ""
		if c, ok := o.(*types.Const); ok {
			val = "=" + exact(c.Val())
		}
		t := o.Type()
		if kind == "PkgName" || kind == "Builtin" || kind == "Nil" {
			return fmt.Sprintf("%s %s", kind, o.Name())
		}
		return fmt.Sprintf("%s %s@%d %s%s", kind, o.Name(), pos, ts(t), val)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			return true
		}
		kind := reflect.TypeOf(n).Elem().Name()
		pos := off(n.Pos())
		if e, ok := n.(ast.Expr); ok {
			if tv, ok := info.Types[e]; ok {
				mode := ""
				for _, f := range []struct {
					ok   bool
					name string
				}{{tv.IsVoid(), "void"}, {tv.IsType(), "type"}, {tv.IsBuiltin(), "builtin"}, {tv.IsValue(), "value"}, {tv.IsNil(), "nil"}, {tv.Addressable(), "addr"}, {tv.Assignable(), "assignable"}, {tv.HasOk(), "ok"}} {
					if f.ok {
						mode += f.name + ","
					}
				}
				val := ""
				if tv.Value != nil {
					val = "=" + exact(tv.Value)
				}
				if tv.IsVoid() {
					fmt.Fprintf(out, "T %d %s %s\n", pos, kind, mode)
				} else {
					fmt.Fprintf(out, "T %d %s %s %s%s\n", pos, kind, mode, ts(tv.Type), val)
				}
			}
		}
		if id, ok := n.(*ast.Ident); ok {
			if o, ok := info.Defs[id]; ok {
				fmt.Fprintf(out, "D %d %s\n", pos, obj(o))
			}
			if o, ok := info.Uses[id]; ok {
				fmt.Fprintf(out, "U %d %s\n", pos, obj(o))
			}
			if i, ok := info.Instances[id]; ok {
				targs := ""
				for k := 0; k < i.TypeArgs.Len(); k++ {
					targs += ts(i.TypeArgs.At(k)) + ";"
				}
				fmt.Fprintf(out, "I %d %s %s\n", pos, targs, ts(i.Type))
			}
		}
		if o, ok := info.Implicits[n]; ok {
			fmt.Fprintf(out, "M %d %s %s\n", pos, kind, obj(o))
		}
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if s, ok := info.Selections[sel]; ok {
				fmt.Fprintf(out, "S %d %d %s %v %v %s -> %s\n", pos, s.Kind(), ts(s.Recv()), s.Index(), s.Indirect(), obj(s.Obj()), ts(s.Type()))
			}
		}
		return true
	})
	for _, i := range info.InitOrder {
		names := ""
		for _, v := range i.Lhs {
			names += v.Name() + ","
		}
		fmt.Fprintf(out, "O %s %d\n", names, off(i.Rhs.Pos()))
	}
}

func exact(v constant.Value) string {
	if v.Kind() == constant.String {
		return fmt.Sprintf("%x", constant.StringVal(v))
	}
	return v.ExactString()
}
