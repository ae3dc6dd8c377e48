package syntax

// Children calls f for each node that stands directly within n, in the order of the source. What has no node of its own
// (the clauses of a comprehension, the items of a with) is passed through.
func Children(n Node, f func(Node)) {
	switch n := n.(type) {
	case *Attribute:
		f(n.X)
	case *Call:
		f(n.Func)
		each(n.Args, f)
	case *Keyword:
		f(n.Value)
	case *ExprStmt:
		f(n.X)
	case *Assign:
		each(n.Targets, f)
		f(n.Value)
	case *Subscript:
		f(n.X)
		f(n.Index)
	case *Tuple:
		each(n.Elts, f)
	case *BinOp:
		f(n.X)
		f(n.Y)
	case *Compare:
		f(n.X)
		each(n.Rest, f)
	case *If:
		f(n.Test)
		each(n.Body, f)
		each(n.Else, f)
	case *Return:
		one(n.X, f)
	case *FString:
		each(n.Parts, f)
	case *Interp:
		f(n.X)
		if n.Spec != nil {
			f(n.Spec)
		}
	case *List:
		each(n.Elts, f)
	case *Set:
		each(n.Elts, f)
	case *Dict:
		for i, k := range n.Keys {
			one(k, f)
			f(n.Values[i])
		}
	case *Starred:
		f(n.X)
	case *Slice:
		one(n.Lo, f)
		one(n.Hi, f)
		one(n.Step, f)
	case *BoolOp:
		each(n.Values, f)
	case *UnaryOp:
		f(n.X)
	case *Lambda:
		f(n.Params)
		f(n.Body)
	case *Cond:
		f(n.Then)
		f(n.Test)
		f(n.Else)
	case *Comp:
		f(n.Elt)
		one(n.Value, f)
		for _, c := range n.Clauses {
			f(c.Target)
			f(c.Iter)
			each(c.Ifs, f)
		}
	case *Await:
		f(n.X)
	case *Yield:
		one(n.X, f)
	case *Walrus:
		f(n.Target)
		f(n.Value)
	case *Backquote:
		f(n.X)
	case *Deep:
		f(n.X)
	case *Typed:
		f(n.Type)
	case *Params:
		each(n.List, f)
	case *Param:
		one(n.Tuple, f)
		one(n.Annotation, f)
		one(n.Default, f)
	case *TypeParam:
		one(n.Bound, f)
		one(n.Default, f)
	case *FunctionDef:
		each(n.Decorators, f)
		each(n.TypeParams, f)
		f(n.Params)
		one(n.Returns, f)
		each(n.Body, f)
	case *ClassDef:
		each(n.Decorators, f)
		each(n.TypeParams, f)
		each(n.Args, f)
		each(n.Body, f)
	case *Delete:
		each(n.Targets, f)
	case *AugAssign:
		f(n.Target)
		f(n.Value)
	case *AnnAssign:
		f(n.Target)
		f(n.Annotation)
		one(n.Value, f)
	case *TypeAlias:
		f(n.Name)
		each(n.TypeParams, f)
		f(n.Value)
	case *For:
		f(n.Target)
		f(n.Iter)
		each(n.Body, f)
		each(n.Else, f)
	case *While:
		f(n.Test)
		each(n.Body, f)
		each(n.Else, f)
	case *With:
		for _, item := range n.Items {
			f(item.X)
			one(item.Vars, f)
		}
		each(n.Body, f)
	case *Raise:
		one(n.X, f)
		each(n.Extra, f)
		one(n.Cause, f)
	case *Try:
		each(n.Body, f)
		each(n.Handlers, f)
		each(n.Else, f)
		each(n.Finally, f)
	case *Handler:
		one(n.Type, f)
		one(n.Target, f)
		each(n.Body, f)
	case *Assert:
		f(n.Test)
		one(n.Msg, f)
	case *Import:
		each(n.Names, f)
	case *ImportFrom:
		each(n.Names, f)
	case *Print:
		one(n.To, f)
		each(n.Args, f)
	case *Exec:
		f(n.Code)
		one(n.Globals, f)
		one(n.Locals, f)
	case *Match:
		f(n.Subject)
		each(n.Cases, f)
	case *Case:
		f(n.Pattern)
		one(n.Guard, f)
		each(n.Body, f)
	case *MatchValue:
		f(n.X)
	case *MatchSequence:
		each(n.Patterns, f)
	case *MatchMapping:
		for i, k := range n.Keys {
			f(k)
			f(n.Patterns[i])
		}
	case *MatchClass:
		f(n.Class)
		each(n.Patterns, f)
		each(n.KwPatterns, f)
	case *MatchAs:
		if n.Pattern != nil {
			f(n.Pattern)
		}
	case *MatchOr:
		each(n.Patterns, f)
	}
}

func one(x Expr, f func(Node)) {
	if x != nil {
		f(x)
	}
}

func each[T Node](list []T, f func(Node)) {
	for _, x := range list {
		f(x)
	}
}
