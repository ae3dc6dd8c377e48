// Package compile makes the tables that package model reads. It runs when the project is generated, never in the program.
//
// [Stubs] reads a folder of .pyi files, typeshed's standard library. It works in four steps, because a stub's names mean
// nothing before all stubs are read:
//
//  1. Scopes: each file is parsed and its names are entered, the branches of sys.version_info and sys.platform being decided. What
//     stands in a branch not taken is entered too where no other branch defines the name.
//  2. Homes: imports and assignments of one name to another are followed to where a thing is defined, and each thing gets the one name that
//     users know it by.
//  3. Types: annotations become [model.Type]; aliases are expanded, type variables are numbered.
//  4. Declarations: classes, functions and variables, by module.
package compile
