using System.Text;
using Tallystick.Core.Identity;

namespace Tallystick.Core.Tests.Identity;

public sealed class FingerprintTests
{
    private static readonly Fingerprint Alice = Fingerprint.Of(Samples.Alice);

    [Fact]
    public void It_is_the_base32_of_the_first_20_bytes_of_the_keys_hash()
    {
        foreach (var key in new[] { Samples.Alice, Samples.Bob })
        {
            var bits = string.Concat(Hash.Of(key.ToArray()).ToArray().Take(20).Select(b => $"{b:b8}"));
            var letters = new StringBuilder();
            for (var at = 0; at < bits.Length; at += 5)
                letters.Append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Convert.ToInt32(bits.Substring(at, 5), 2)]);
            var groups = letters.ToString().Chunk(4).Select(group => new string(group));
            Assert.Equal(string.Join('-', groups), Fingerprint.Of(key).ToString());
        }
    }

    [Fact]
    public void What_a_person_types_matches_in_any_case_and_with_any_separator()
    {
        var text = Alice.ToString();
        Assert.True(Alice.StartsWith(text));
        Assert.True(Alice.StartsWith(text[..1]));
        Assert.True(Alice.StartsWith(text[..7].ToLowerInvariant()));
        Assert.True(Alice.StartsWith(text.Replace("-", "", StringComparison.Ordinal)));
        Assert.True(Alice.StartsWith(text.Replace('-', ' ')));
        Assert.True(Alice.StartsWith(text.Replace('-', ':')));
    }

    [Fact]
    public void What_does_not_begin_it_matches_nothing()
    {
        var text = Alice.ToString();
        Assert.False(Alice.StartsWith(text[5..]));
        Assert.False(Alice.StartsWith(text + "A"));
        Assert.False(Alice.StartsWith(Fingerprint.Of(Samples.Bob).ToString()));
        Assert.False(Alice.StartsWith(text.Replace('-', '.')));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-:-")]
    public void Nothing_typed_matches_nothing(string typed)
    {
        Assert.False(Alice.StartsWith(typed));
        Assert.False(default(Fingerprint).StartsWith(typed));
    }

    [Fact]
    public void No_fingerprint_has_no_text() => Assert.Equal(string.Empty, default(Fingerprint).ToString());
}
