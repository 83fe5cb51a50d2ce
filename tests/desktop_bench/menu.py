from dataclasses import dataclass
@dataclass
class MenuLine:
    id: int
class Menus:
    def __init__(self, *a): pass
def read_menu(*a): return []
