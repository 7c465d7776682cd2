using System.Collections.Immutable;
using Tallystick.Cli.Shell;

namespace Tallystick.Cli.Tests.Shell;

public sealed class LineEditorTests
{
    private static readonly string[] History = ["balance", "pay bob 10"];

    private static readonly Vocabulary Known = new(["bob", "barbara", "10", "Al Gore"], ["1a2b3c4d"], ["ABCD-EFGH"]);

    [Theory]
    [InlineData("abc", "abc|")]
    [InlineData("abc\e[D\e[Dx", "ax|bc")]
    [InlineData("abc\x01x\x05y", "xabcy|")]
    [InlineData("abc\e[Hx\e[Fy", "xabcy|")]
    [InlineData("abc\eOHx\eOFy", "xabcy|")]
    [InlineData("abc\x7F\x7F", "a|")]
    [InlineData("abc\x01\e[3~", "|bc")]
    [InlineData("abc\x01\x04", "|bc")]
    [InlineData("one two\x17", "one |")]
    [InlineData("one two\ebX", "one X|two")]
    [InlineData("one two\x01\efX", "oneX| two")]
    [InlineData("one two\x01\ed", "| two")]
    [InlineData("one two\eb\x0B", "one |")]
    [InlineData("one two\eb\x15", "|two")]
    [InlineData("one two\x17\x01\x19", "two|one ")]
    [InlineData("\e[A", "pay bob 10|")]
    [InlineData("\e[A\e[A", "balance|")]
    [InlineData("\e[A\e[A\e[A", "balance|")]
    [InlineData("dra\e[A\e[B", "dra|")]
    [InlineData("abc\x03", "|")]
    [InlineData("\e[B\e[C\e[D\x7F\e[3~\x0B\x15\x17\x19\x01\x05", "|")]
    [InlineData("a\e[99;99Xb\e\e[Cc", "abc|")]
    [InlineData("a界\x7F", "a|")]
    [InlineData("e\u0301x\x7F\x7F", "|")]
    [InlineData("👩‍👩‍👧x\e[D\x7F", "|x")]
    [InlineData("\e[200~pay bob 10\r\npay bob 20\n\e[201~", "pay bob 10\npay bob 20|")]
    [InlineData("\e[200~a\e[2Jb\u202Ec\0\e[201~", "a[2Jbc|")]
    public void Keys_edit_the_line(string keys, string expected)
    {
        var line = Type(TypedLine.Empty, keys);
        Assert.Equal(expected, line.Before + "|" + line.After);
    }

    [Theory]
    [InlineData("pa\t", "pay |")]
    [InlineData("pay bo\t", "pay bob |")]
    [InlineData("pay ba\t", "pay barbara |")]
    [InlineData("pay al\t", "pay \"Al Gore\" |")]
    [InlineData("pay 1\t", "pay \"10\" |")]
    [InlineData("pay 10 to bo\t", "pay 10 to bob |")]
    [InlineData("pay bob \t", "pay bob |")]
    [InlineData("cancel \t", "cancel 1a2b3c4d |")]
    [InlineData("accept \t", "accept ABCD-EFGH |")]
    [InlineData("peer ren\t", "peer rename |")]
    [InlineData("check b\t", "check balance |")]
    [InlineData("zzz\t", "zzz|")]
    [InlineData("pe\t", "peer|")]
    public void Tab_completes(string keys, string expected)
    {
        var line = Type(TypedLine.Empty, keys);
        Assert.Equal(expected, line.Before + "|" + line.After);
    }

    [Fact]
    public void Tab_offers_what_it_cannot_decide()
    {
        var (_, outcome, offers) = Press(Type(TypedLine.Empty, "pay b"), new Key(KeyKind.Tab));
        Assert.Equal(KeyOutcome.Offered, outcome);
        Assert.Equal(["barbara", "bob"], offers);
    }

    [Fact]
    public void Enter_submits_and_ctrl_d_leaves_only_an_empty_line()
    {
        Assert.Equal(KeyOutcome.Submitted, Press(TypedLine.Empty, new Key(KeyKind.Enter)).Outcome);
        Assert.Equal(KeyOutcome.Left, Press(TypedLine.Empty, new Key(KeyKind.EndOfInput)).Outcome);
        Assert.Equal(KeyOutcome.Edited, Press(Type(TypedLine.Empty, "a"), new Key(KeyKind.EndOfInput)).Outcome);
    }

    [Fact]
    public void Keys_may_arrive_in_any_pieces()
    {
        const string Sent = "a\e[D\e[200~x\r\ny\e[201~\ebé🫡\e[3~\eOHz";
        var whole = Type(TypedLine.Empty, Sent);
        var reader = new KeyReader();
        var pieces = TypedLine.Empty;
        foreach (var key in Sent.SelectMany(c => reader.Read(c.ToString())))
            pieces = Press(pieces, key).Line;
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void The_cursor_never_stands_inside_a_character_whatever_is_pressed()
    {
        string[] pieces =
        [
            "a", " ", "界", "e\u0301", "🫡", "👩‍👩‍👧", "\u0301", "\e[D", "\e[C", "\x7F", "\e[3~", "\x17", "\eb", "\ef",
            "\x01", "\x05", "\x0B", "\x15", "\x19", "\e[A", "\e[B", "\t", "\e[200~p\nq\e[201~", "\uD83E", "\x04",
        ];
        var random = new Random(7);
        var reader = new KeyReader();
        var line = TypedLine.Empty;
        for (var round = 0; round < 20_000; round++)
        {
            foreach (var key in reader.Read(pieces[random.Next(pieces.Length)]))
            {
                line = Press(line, key).Line;
                Assert.InRange(line.Cursor, 0, line.Text.Length);
                Assert.False(line.Cursor < line.Text.Length && char.IsLowSurrogate(line.Text[line.Cursor]));
            }
            var width = random.Next(1, 40);
            var view = LineView.Of("> ", line, width, plain: false);
            Assert.True(Cells.Width(view.Text) <= Math.Max(8, width) - 1, $"{width}: {view.Text}");
            Assert.InRange(view.Column, 0, Math.Max(8, width) - 1);
            if (line.Text.Length > 60)
                line = TypedLine.Empty;
        }
    }

    [Fact]
    public void A_pasted_flood_is_bounded()
    {
        var line = Type(TypedLine.Empty, "\e[200~" + new string('x', 1_000_000) + "\e[201~");
        Assert.True(line.Text.Length <= LineEditor.LongestLineChars);
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("界", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("🫡", 2)]
    [InlineData("👩‍👩‍👧", 2)]
    [InlineData("🇩🇪", 2)]
    [InlineData("❤\uFE0F", 2)]
    [InlineData("한", 2)]
    [InlineData("ｆ", 2)]
    [InlineData("→", 1)]
    [InlineData("", 0)]
    public void Characters_take_their_cells(string text, int cells) => Assert.Equal(cells, Cells.Width(text));

    [Theory]
    [InlineData("one two three", 20, "one two three")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 6, "one|two|three")]
    [InlineData("界界 界界 a", 6, "界界|界界 a")]
    [InlineData("onetwothree four", 5, "onetwothree four")]
    [InlineData("  indented", 5, "  indented")]
    [InlineData("", 5, "")]
    public void Sentences_break_at_blanks(string text, int width, string rows) =>
        Assert.Equal(rows, string.Join('|', Cells.Wrap(text, width)));

    [Theory]
    [InlineData("pay bob 10", "> pay bob 10", 12)]
    [InlineData("pay bob 10 for a long lunch", "> <or a long lunch", 18)]
    [InlineData("pay bob 10 for a long lunch\x01", "> pay bob 10 for >", 2)]
    [InlineData("界界界界界界界界界界", "> <界界界界界界界", 17)]
    public void At_width_20_the_row_shows_the_part_around_the_cursor(string keys, string row, int column)
    {
        var view = LineView.Of("> ", Type(TypedLine.Empty, keys), 20, plain: false);
        Assert.Equal(new LineView(row, column), view);
    }

    private static TypedLine Type(TypedLine line, string keys) =>
        new KeyReader().Read(keys).Aggregate(line, (typed, key) => Press(typed, key).Line);

    private static (TypedLine Line, KeyOutcome Outcome, ImmutableArray<string> Offers) Press(TypedLine line, Key key) =>
        LineEditor.Press(line, key, History, before => Completer.Complete(before, Known));
}
