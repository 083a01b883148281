package main

import (
	"errors"
	"fmt"
	"time"
)

func main() {
	for _, c := range [][2]string{
		{time.RFC3339, "2024-02-29T13:04:05Z"},
		{time.RFC3339, "2024-02-29T13:04:05+02:00"},
		{time.RFC3339, "2024-02-29T13:04:05.123456-07:30"},
		{time.RFC3339Nano, "2024-02-29T13:04:05.5Z"},
		{time.RFC1123, "Thu, 29 Feb 2024 13:04:05 GMT"},
		{time.RFC1123Z, "Thu, 29 Feb 2024 13:04:05 -0700"},
		{time.ANSIC, "Thu Feb  9 13:04:05 2024"},
		{time.UnixDate, "Thu Feb 29 13:04:05 CET 2024"},
		{time.RFC822, "29 Feb 24 13:04 UTC"},
		{time.RFC850, "Thursday, 29-Feb-68 13:04:05 EST"},
		{time.Kitchen, "3:04PM"},
		{time.Kitchen, "12:04AM"},
		{time.DateOnly, "2024-02-30"},
		{time.DateOnly, "2023-02-29"},
		{time.DateOnly, "2024-13-01"},
		{time.DateOnly, "2024-1-01"},
		{time.DateOnly, "24-01-01"},
		{time.DateOnly, "2024-01-01 "},
		{time.DateTime, "2024-01-01 24:00:00"},
		{time.DateTime, "2024-01-01 23:60:00"},
		{time.DateTime, "2024-01-01 23:00:60"},
		{time.DateTime, "2024-01-01  23:00:00,25"},
		{time.StampMicro, "Jan  2 03:04:05.000006"},
		{time.StampMilli, "Jan  2 03:04:05.1"},
		{"2006-002 15h", "2024-060 7h"},
		{"2006-002", "2023-366"},
		{"2006-01-002", "2024-03-060"},
		{"Monday, 2 January 2006", "monday, 3 FEBRUARY 2025"},
		{"Jan 2", "Foo 2"},
		{"Z07:00", "+25:00"},
		{"-07", "+0"},
		{"MST", "GMT+3"},
		{"MST", "abc"},
		{"2006", "abcd"},
		{"é 2006", "é 2024"},
		{"é 2006", "é x"},
		{"", ""},
		{"", "x"},
	} {
		t, err := time.Parse(c[0], c[1])
		fmt.Println(t, err)
	}
	_, err := time.Parse(time.DateOnly, "x")
	var pe *time.ParseError
	fmt.Println(errors.As(err, &pe), pe.Layout, pe.Value, pe.LayoutElem, pe.ValueElem, pe.Message == "")

	zone := time.FixedZone("CEST", 2*3600)
	t := time.Date(2024, 7, 1, 0, 30, 0, 0, zone)
	fmt.Println(t, t.UTC(), t.Weekday(), t.YearDay(), t.Hour(), t.UTC().Hour(), t.Location())
	fmt.Println(t.Zone())
	fmt.Println(t.Equal(t.UTC()), t.Unix() == t.UTC().Unix(), t.Sub(t.UTC()))
	fmt.Println(t.Add(time.Hour), t.AddDate(0, 1, 0), t.Truncate(time.Hour), t.Round(24*time.Hour))
	fmt.Println(t.Format(time.RFC3339), t.Format(time.RFC1123Z), t.Format("-07:00:00 Z07 MST"))
	fmt.Println(t.ISOWeek())
	fmt.Printf("%v %s\n", t, t.GoString())
	odd := time.FixedZone("", -(9*3600 + 30*60))
	fmt.Println(t.In(odd), t.In(odd).Format("MST"), t.In(time.UTC))
	fmt.Println(time.ParseInLocation(time.DateTime, "2024-07-01 12:00:00", zone))
	fmt.Println(time.ParseInLocation(time.RFC3339, "2024-07-01T12:00:00Z", zone))
	loc, err := time.LoadLocation("UTC")
	fmt.Println(loc, err)
	_, err = time.LoadLocation("Nowhere/Atall")
	fmt.Println(err)
	var none *time.Location
	fmt.Println(none.String(), time.UTC == t.UTC().Location())
}
