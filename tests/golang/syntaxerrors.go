// Print what the gc compiler's own parser says about files, every error, in order of discovery.
//
// It must be built inside cmd/compile, whose packages are internal: an overlay puts it there
// without touching the installation. Reads lines "name" from standard input; prints for each file a
// line "=== name", then "line:col: text" (line ends in texts as \n).
package main

import (
	"bufio"
	"cmd/compile/internal/syntax"
	"fmt"
	"os"
	"strings"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	names := bufio.NewScanner(os.Stdin)
	for names.Scan() {
		fmt.Fprintf(out, "=== %s\n", names.Text())
		file, err := os.Open(names.Text())
		if err != nil {
			panic(err)
		}
		report := func(err error) {
			e := err.(syntax.Error)
			text := strings.ReplaceAll(e.Msg, "\n", "\\n")
			fmt.Fprintf(out, "%d:%d: %s\n", e.Pos.Line(), e.Pos.Col(), text)
		}
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Fprintf(out, "panic: %v\n", r)
				}
			}()
			base := syntax.NewFileBase("x.go")
			syntax.Parse(base, bufio.NewReader(file), report, nil, syntax.CheckBranches)
		}()
		file.Close()
	}
}
