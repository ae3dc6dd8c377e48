"""Graphs: algorithms that are given functions, lazy values, memo tables, operators."""
import collections
import functools
import heapq
import itertools


class Graph:
    def __init__(self, edges=()):
        self.next = collections.defaultdict(dict)
        for a, b, cost in edges:
            self.add(a, b, cost)

    def add(self, a, b, cost=1):
        self.next[a][b] = cost
        self.next[b]
        return self

    def __getitem__(self, node):
        return self.next[node]

    def __iter__(self):
        return iter(list(self.next))

    def __len__(self):
        return sum(1 for _ in self)

    def __or__(self, other):
        return Graph(itertools.chain(self.edges(), other.edges()))

    def edges(self):
        for a in self:
            for b, cost in self[a].items():
                yield a, b, cost

    @functools.cached_property
    def reverse(self):
        return Graph((b, a, c) for a, b, c in self.edges())


class Walk:
    def __init__(self, graph, order):
        self.graph, self.order = graph, order

    def __call__(self, start, visit):
        seen, todo = set(), collections.deque([start])
        while todo:
            node = self.order(todo)
            if node in seen:
                continue
            seen.add(node)
            visit(node)
            todo.extend(self.graph[node])
        return seen


def breadth(todo):
    return todo.popleft()


def depth(todo):
    return todo.pop()


def shortest(graph, start, end, heuristic=lambda a, b: 0):
    heap, best = [(0, start, None)], {}
    while heap:
        cost, node, via = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = via
        if node == end:
            return list(unwind(best, node))[::-1]
        for other, c in graph[node].items():
            heapq.heappush(heap, (cost + c + heuristic(other, end), other, node))
    return []


def unwind(best, node):
    while node is not None:
        yield node
        node = best[node]


def memo(f):
    table = {}

    @functools.wraps(f)
    def inner(*args):
        if args not in table:
            table[args] = f(*args)
        return table[args]

    inner.table = table
    return inner


@memo
def paths(graph, a, b):
    if a == b:
        return 1
    return sum(paths(graph, n, b) for n in graph[a])


def order(graph):
    done, out = set(), []

    def visit(node):
        if node not in done:
            done.add(node)
            for n in graph[node]:
                visit(n)
            out.append(node)

    for node in graph:
        visit(node)
    return out[::-1]


def main():
    g = Graph([("a", "b", 1), ("a", "c", 4), ("b", "c", 1)]) | Graph().add("c", "d")
    log = []
    for how in (breadth, depth):
        Walk(g, how)("a", log.append)
    Walk(g.reverse, breadth)("d", lambda n: note(log, n))
    print(len(g), shortest(g, "a", "d"), shortest(g, "a", "d", heuristic=distance))
    print(paths(g, "a", "d"), order(g), len(log), paths.table != {})


def note(log, n):
    log.append(n)


def distance(a, b):
    return abs(ord(a) - ord(b))


main()
