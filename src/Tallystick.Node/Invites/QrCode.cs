using System.Collections;
using System.Globalization;
using System.Text;
using QRCoder;

namespace Tallystick.Node.Invites;

/// <summary>A text as a square that a camera reads.</summary>
public sealed class QrCode
{
    private readonly IReadOnlyList<BitArray> rows;

    private QrCode(IReadOnlyList<BitArray> rows) => this.rows = rows;

    /// <summary>How many modules a side has, the quiet zone of four on each side with them.</summary>
    public int Size => rows.Count;

    /// <summary>The code of a text of at most 2,953 bytes.</summary>
    public static QrCode Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        return new QrCode(data.ModuleMatrix);
    }

    /// <summary>Whether a module is dark.</summary>
    public bool IsDark(int row, int column) => row < Size && rows[row][column];

    /// <summary>
    /// Rows of text, two modules high: what is light is drawn, for most terminals are dark, and cameras read both.
    /// </summary>
    public IReadOnlyList<string> ToHalfBlocks() =>
    [
        .. Enumerable.Range(0, (Size + 1) / 2).Select(pair => string.Concat(Enumerable.Range(0, Size).Select(column =>
            (IsDark(pair * 2, column), pair * 2 + 1 >= Size || IsDark(pair * 2 + 1, column)) switch
            {
                (true, true) => ' ',
                (true, false) => '▄',
                (false, true) => '▀',
                _ => '█',
            }))),
    ];

    /// <summary>The dark modules as the path of an SVG picture whose sides are <see cref="Size"/> units.</summary>
    public string ToPath()
    {
        var path = new StringBuilder();
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                if (!IsDark(row, column))
                    continue;
                var first = column;
                while (column + 1 < Size && IsDark(row, column + 1))
                    column++;
                path.Append(CultureInfo.InvariantCulture, $"M{first} {row}h{column - first + 1}v1H{first}z");
            }
        }
        return path.ToString();
    }
}
