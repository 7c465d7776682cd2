using Tallystick.Node.Invites;

namespace Tallystick.Node.Tests.Invites;

public sealed class QrCodeTests
{
    private const int Quiet = 4;
    private static readonly QrCode Code = QrCode.Of("tallystick://join/" + new string('A', 150));

    // Row by row, as the standard has it: a square in a square in a square.
    private static readonly string[] Finder =
        ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"];

    [Fact]
    public void Three_corners_hold_the_squares_that_a_camera_looks_for()
    {
        var far = Code.Size - Quiet - Finder.Length;
        foreach (var (top, left) in ((int, int)[])[(Quiet, Quiet), (Quiet, far), (far, Quiet)])
        {
            var seen = Enumerable.Range(top, 7).Select(row =>
                string.Concat(Enumerable.Range(left, 7).Select(column => Code.IsDark(row, column) ? '#' : ' ')));
            Assert.Equal(Finder, seen);
        }
    }

    [Fact]
    public void A_quiet_zone_of_four_surrounds_it()
    {
        for (var at = 0; at < Code.Size; at++)
        {
            for (var edge = 0; edge < Quiet; edge++)
            {
                Assert.False(Code.IsDark(edge, at) || Code.IsDark(at, edge));
                Assert.False(Code.IsDark(Code.Size - 1 - edge, at) || Code.IsDark(at, Code.Size - 1 - edge));
            }
        }
    }

    [Fact]
    public void Text_and_picture_show_the_same_modules()
    {
        var rows = Code.ToHalfBlocks();
        Assert.All(rows, row => Assert.Equal(Code.Size, row.Length));
        var inText = new HashSet<(int Row, int Column)>();
        for (var row = 0; row < Code.Size; row++)
        {
            for (var column = 0; column < Code.Size; column++)
            {
                var cell = rows[row / 2][column];
                if (cell == ' ' || cell == (row % 2 == 0 ? '▄' : '▀'))
                    inText.Add((row, column));
            }
        }
        var dark = from row in Enumerable.Range(0, Code.Size)
                   from column in Enumerable.Range(0, Code.Size)
                   where Code.IsDark(row, column)
                   select (row, column);
        Assert.Equal(dark.ToHashSet(), inText);
        Assert.Equal(inText, InPath(Code.ToPath()));
    }

    // M{first} {row}h{width}v1H{first}z, again and again.
    private static HashSet<(int Row, int Column)> InPath(string path)
    {
        var modules = new HashSet<(int, int)>();
        foreach (var stroke in path.Split('M', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = stroke.Split([' ', 'h', 'v']);
            var (first, row, width) = (int.Parse(numbers[0]), int.Parse(numbers[1]), int.Parse(numbers[2]));
            for (var column = first; column < first + width; column++)
                modules.Add((row, column));
        }
        return modules;
    }
}
