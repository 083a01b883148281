// Package pprof is gosim's model of Go's package net/http/pprof: it serves goroutine profiles, as
// runtime/pprof has them, and nothing of CPU and traces.
package pprof

import (
	"fmt"
	"net/http"
	"runtime/pprof"
	"strconv"
	"strings"
)

func init() {
	http.HandleFunc("/debug/pprof/", Index)
}

// Index serves a profile by its name.
func Index(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/debug/pprof/")
	if name != "" {
		handler(name).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, p := range pprof.Profiles() {
		fmt.Fprintf(w, "%d %s\n", p.Count(), p.Name())
	}
}

// Handler serves one profile.
func Handler(name string) http.Handler { return handler(name) }

type handler string

func (name handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := pprof.Lookup(string(name))
	if p == nil {
		http.Error(w, "Unknown profile", http.StatusNotFound)
		return
	}
	debug, _ := strconv.Atoi(r.FormValue("debug"))
	if debug != 0 {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	} else {
		w.Header().Set("Content-Type", "application/octet-stream")
	}
	p.WriteTo(w, debug)
}
