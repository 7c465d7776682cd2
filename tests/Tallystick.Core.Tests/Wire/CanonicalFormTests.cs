using Tallystick.Core.Wire;

namespace Tallystick.Core.Tests.Wire;

public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7f")]
    [InlineData(128, "8001")]
    [InlineData(16383, "ff7f")]
    [InlineData(16384, "808001")]
    [InlineData((1L << 53) - 1, "ffffffffffffff0f")]
    [InlineData(long.MaxValue, "ffffffffffffffff7f")]
    public void An_integer_has_its_shortest_form(long value, string hex)
    {
        var writer = new CanonicalWriter(0);
        writer.Integer(value);
        var bytes = writer.Finish();
        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        Assert.Equal(bytes.Length, CanonicalWriter.SizeOfInteger(value));
        var reader = new CanonicalReader(bytes);
        Assert.Equal(value, reader.Integer());
        Assert.Null(reader.Finish("integer"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000")]
    [InlineData("ff00")]
    [InlineData("808000")]
    [InlineData("ffffffffffffffffff01")]
    [InlineData("80808080808080808001")]
    [InlineData("0000")]
    public void Any_other_form_of_an_integer_is_refused(string hex)
    {
        var reader = new CanonicalReader(Convert.FromHexString(hex));
        reader.Integer();
        Assert.Equal("bad-encoding", reader.Finish("integer")?.Why.Name);
    }

    [Fact]
    public void The_size_of_every_power_of_two_is_what_is_written()
    {
        for (var bit = 0; bit < 63; bit++)
        {
            foreach (var value in new[] { 1L << bit, (1L << bit) - 1 })
            {
                var writer = new CanonicalWriter(1);
                writer.Integer(value);
                Assert.Equal(writer.Finish().Length, CanonicalWriter.SizeOfInteger(value));
            }
        }
    }

    [Fact]
    public void A_negative_integer_is_a_bug_of_the_writer()
    {
        var writer = new CanonicalWriter(9);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Integer(-1));
    }

    [Theory]
    [InlineData("01ff")]
    [InlineData("02c080")]
    [InlineData("03eda080")]
    [InlineData("04f4908080")]
    [InlineData("02c3")]
    public void A_text_that_is_not_strict_Utf8_is_refused(string hex)
    {
        var reader = new CanonicalReader(Convert.FromHexString(hex));
        reader.Utf8();
        Assert.Equal("bad-encoding", reader.Finish("text")?.Why.Name);
    }

    [Fact]
    public void A_count_larger_than_what_follows_is_refused_before_anything_is_allocated()
    {
        var reader = new CanonicalReader([0xff, 0xff, 0xff, 0xff, 0x07]);
        Assert.Equal(0, reader.Count(2));
        Assert.NotNull(reader.Problem);
    }

    [Fact]
    public void After_a_problem_every_read_gives_a_default_and_the_first_problem_stays()
    {
        var reader = new CanonicalReader([2, 1, 1, 1, 1, 1, 1, 1]);
        reader.Flag();
        var first = reader.Problem;
        Assert.Equal(default, reader.Hash());
        Assert.Equal(0, reader.Integer());
        Assert.Equal(default, reader.Key());
        Assert.Equal(string.Empty, reader.Text(0, 5));
        Assert.Equal(first, reader.Problem);
    }

    [Theory]
    [InlineData("", "it ends too early")]
    [InlineData("80", "an integer is cut off")]
    [InlineData("ffffffff7f", "an integer is too large")]
    public void What_is_no_small_integer_is_refused_by_name(string hex, string problem)
    {
        var reader = new CanonicalReader(Convert.FromHexString(hex));
        Assert.Equal(0, reader.SmallInteger());
        AssertRefused(ref reader, problem);
    }

    [Fact]
    public void The_largest_small_integer_is_read()
    {
        var reader = new CanonicalReader([0xff, 0xff, 0xff, 0xff, 0x07]);
        Assert.Equal(int.MaxValue, reader.SmallInteger());
        Assert.Null(reader.Finish("integer"));
    }

    [Fact]
    public void A_count_is_held_against_the_size_of_its_items()
    {
        var fits = new CanonicalReader([2, 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(2, fits.Count(4));
        var beyond = new CanonicalReader([2, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(0, beyond.Count(4));
        AssertRefused(ref beyond, "a count is larger than what follows");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(0, false)]
    [InlineData(4, false)]
    public void A_text_is_read_within_both_its_bounds(byte length, bool isRead)
    {
        byte[] bytes = [length, .. Enumerable.Repeat((byte)'a', length)];
        var reader = new CanonicalReader(bytes);
        Assert.Equal(isRead ? new string('a', length) : string.Empty, reader.Text(1, 3));
        if (!isRead)
            AssertRefused(ref reader, "a text is too short or too long");
    }

    [Fact]
    public void Every_other_problem_has_its_name_too()
    {
        var tag = new CanonicalReader("other"u8);
        tag.Tag("right"u8);
        AssertRefused(ref tag, "it does not start with its tag");
        var key = new CanonicalReader(new byte[33]);
        key.Key();
        AssertRefused(ref key, "a key is not a compressed point");
        var text = new CanonicalReader([1, 0xff]);
        text.Utf8();
        AssertRefused(ref text, "a text is not valid UTF-8");
        var longer = new CanonicalReader([1, 2]);
        longer.Byte();
        AssertRefused(ref longer, "bytes follow its end");
    }

    [Fact]
    public void Fields_of_every_kind_are_written_when_the_writer_must_grow_for_each()
    {
        var writer = new CanonicalWriter(0);
        writer.RequestId(Samples.Request);
        writer.Key(Samples.Alice);
        writer.Hash(Samples.AliceCertificate);
        writer.Text("ä");
        byte[] expected =
        [
            .. Samples.Request.ToArray(), .. Samples.Alice.ToArray(), .. Samples.AliceCertificate.ToArray(),
            2, 0xc3, 0xa4,
        ];
        Assert.Equal(expected, writer.Finish());
    }

    private static void AssertRefused(ref CanonicalReader reader, string problem)
    {
        var refusal = reader.Finish("record");
        Assert.Equal("bad-encoding", refusal?.Why.Name);
        Assert.StartsWith($"The record cannot be read: {problem}", refusal!.Text, StringComparison.Ordinal);
    }
}
