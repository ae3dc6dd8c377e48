//go:build !linux

package main

// largePages does nothing: only Linux has to be asked.
func largePages() {}
