// What a package exports, a line each: parameters without names, structs with exported fields only.
package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"os"
	"sort"
	"strings"
)

func unnamed(t *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for i := 0; i < t.Len(); i++ {
		vars = append(vars, types.NewParam(0, nil, "", t.At(i).Type()))
	}
	return types.NewTuple(vars...)
}

func signature(s *types.Signature, q types.Qualifier) string {
	var params []string
	for i := 0; i < s.TypeParams().Len(); i++ {
		p := s.TypeParams().At(i)
		params = append(params, p.Obj().Name()+" "+types.TypeString(p.Constraint(), q))
	}
	text := ""
	if params != nil {
		text = "[" + strings.Join(params, ", ") + "]"
	}
	bare := types.NewSignatureType(nil, nil, nil, unnamed(s.Params()), unnamed(s.Results()), s.Variadic())
	return text + strings.TrimPrefix(types.TypeString(bare, q), "func")
}

func fields(s *types.Struct, q types.Qualifier) string {
	var names []string
	for i := 0; i < s.NumFields(); i++ {
		if f := s.Field(i); f.Exported() {
			names = append(names, f.Name()+" "+types.TypeString(f.Type(), q))
		}
	}
	return "struct{" + strings.Join(names, "; ") + "}"
}

func main() {
	imp := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, path := range os.Args[1:] {
		p, err := imp.Import(path)
		if err != nil {
			continue
		}
		q := func(o *types.Package) string {
			if o == p {
				return ""
			}
			return o.Path()
		}
		var out []string
		for _, n := range p.Scope().Names() {
			o := p.Scope().Lookup(n)
			if !o.Exported() {
				continue
			}
			switch o := o.(type) {
			case *types.Const:
				text := types.TypeString(o.Type(), q)
				if len(o.Val().ExactString()) < 99 {
					text += " = " + o.Val().ExactString()
				}
				out = append(out, "const "+n+" "+text)
			case *types.Var:
				out = append(out, "var "+n+" "+types.TypeString(o.Type(), q))
			case *types.Func:
				out = append(out, "func "+n+signature(o.Type().(*types.Signature), q))
			case *types.TypeName:
				if o.IsAlias() {
					out = append(out, "type "+n+" =")
					continue
				}
				named := o.Type().(*types.Named)
				text := ""
				switch u := named.Underlying().(type) {
				case *types.Struct:
					text = fields(u, q)
				case *types.Interface:
					for i := 0; i < u.NumMethods(); i++ {
						m := u.Method(i)
						if m.Exported() {
							out = append(out, "method "+n+"."+m.Name()+signature(m.Type().(*types.Signature), q))
						}
					}
					text = "interface"
				case *types.Signature:
					text = "func" + signature(u, q)
				default:
					text = types.TypeString(u, q)
				}
				var params []string
				for i := 0; i < named.TypeParams().Len(); i++ {
					t := named.TypeParams().At(i)
					params = append(params, t.Obj().Name()+" "+types.TypeString(t.Constraint(), q))
				}
				if params != nil {
					n += "[" + strings.Join(params, ", ") + "]"
				}
				out = append(out, "type "+n+" "+text)
				for i := 0; i < named.NumMethods(); i++ {
					if m := named.Method(i); m.Exported() {
						s := m.Type().(*types.Signature)
						star := ""
						if _, ok := s.Recv().Type().(*types.Pointer); ok {
							star = "*"
						}
						out = append(out, "method "+star+o.Name()+"."+m.Name()+signature(s, q))
					}
				}
			}
		}
		sort.Strings(out)
		for _, line := range out {
			fmt.Println(path + "\t" + strings.ReplaceAll(line, "interface{}", "any"))
		}
	}
}
