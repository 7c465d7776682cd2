using Tallystick.Core.Identity;

namespace Tallystick.Core.Tests.Identity;

public sealed class FingerprintBytesTests
{
    private const string Text = "AAAQ-EAYE-AUDA-OCAJ-BIFQ-YDIO-B4IB-CEQT";
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, Fingerprint.Size).Select(i => (byte)i)];

    [Fact]
    public void Bytes_and_text_say_the_same()
    {
        Assert.Equal(Text, Fingerprint.FromBytes(Bytes).ToString());
        Assert.Equal(Bytes, Fingerprint.FromBytes(Bytes).ToArray());
    }

    [Theory]
    [InlineData(Text)]
    [InlineData("aaaqeayeaudaocajbifqydiob4ibceqt")]
    [InlineData("AAAQ EAYE AUDA OCAJ BIFQ YDIO B4IB CEQT")]
    public void A_whole_fingerprint_is_read_in_any_case_and_with_any_separators(string typed)
    {
        Assert.True(Fingerprint.TryParse(typed, out var fingerprint));
        Assert.Equal(Fingerprint.FromBytes(Bytes), fingerprint);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAQ-EAYE")]
    [InlineData("AAAQ-EAYE-AUDA-OCAJ-BIFQ-YDIO-B4IB-CEQ1")]
    [InlineData("AAAQ-EAYE-AUDA-OCAJ-BIFQ-YDIO-B4IB-CEQTA")]
    public void Anything_else_is_not(string? typed) => Assert.False(Fingerprint.TryParse(typed, out _));

    [Fact]
    public void The_wrong_number_of_bytes_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => Fingerprint.FromBytes(new byte[19]));
}
