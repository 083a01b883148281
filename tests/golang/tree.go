// Print the syntax trees of go/parser, one node a line, for comparison with gosim's.
//
// Reads names of files from standard input, one a line.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
)

// What the simulated front end does not keep.
var skipped = map[string]bool{
	"Doc": true, "Comment": true, "Comments": true, "Obj": true, "Scope": true, "Unresolved": true,
	"Imports": true, "GoVersion": true, "FileStart": true, "FileEnd": true, "ValueEnd": true,
	"Incomplete": true, "EndPos": true,
}

var out = bufio.NewWriterSize(os.Stdout, 1<<20)
var files = token.NewFileSet()

func text(s string) string {
	return strings.NewReplacer("\r", "", "\n", "\\n").Replace(s)
}

func dump(v reflect.Value) {
	switch x := v.Interface().(type) {
	case token.Pos:
		if x == token.NoPos {
			fmt.Fprint(out, " -")
		} else {
			p := files.PositionFor(x, false)
			fmt.Fprintf(out, " %d:%d", p.Line, p.Column)
		}
		return
	case token.Token:
		if x == token.ILLEGAL {
			fmt.Fprint(out, " ''")
		} else {
			fmt.Fprintf(out, " '%s'", x)
		}
		return
	case string:
		fmt.Fprintf(out, " '%s'", text(x))
		return
	case bool, ast.ChanDir:
		fmt.Fprintf(out, " %v", x)
		return
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			fmt.Fprint(out, " nil")
			return
		}
		dump(v.Elem())
	case reflect.Slice:
		fmt.Fprint(out, " [")
		for i := range v.Len() {
			dump(v.Index(i))
		}
		fmt.Fprint(out, "]")
	case reflect.Struct:
		fmt.Fprintf(out, "\n(%s", v.Type().Name())
		for i := range v.NumField() {
			if !skipped[v.Type().Field(i).Name] {
				dump(v.Field(i))
			}
		}
		fmt.Fprint(out, ")")
	default:
		panic(v.Type().String())
	}
}

func main() {
	defer out.Flush()
	names := bufio.NewScanner(os.Stdin)
	for names.Scan() {
		file, err := parser.ParseFile(files, names.Text(), nil, parser.SkipObjectResolution)
		fmt.Fprintf(out, "=== %s %v\n", names.Text(), err != nil)
		if err == nil {
			dump(reflect.ValueOf(file).Elem())
		}
		fmt.Fprintln(out)
	}
}
