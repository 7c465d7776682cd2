using System.Text;

namespace Tallystick.Core.Identity;

/// <summary>
/// Four made-up words that two people read to each other: the same on both screens if, and as good as only if, each
/// node knows the other by its own key.
/// </summary>
/// <remarks>
/// Each word is 16 bits as consonant, vowel, consonant, vowel, consonant (4, 2, 4, 2 and 4 bits), so all four are the
/// first 8 bytes of SHA-256("tab-phrase/1", both fingerprints as text, the smaller one first). They can be said in most
/// languages and need no list. Who doubts compares the fingerprints, which are 160 bits.
/// </remarks>
public static class PairPhrase
{
    private const int Words = 4;
    private const string Consonants = "bdfghjklmnprstvz";
    private const string Vowels = "aiou";

    private static ReadOnlySpan<byte> Tag => "tab-phrase/1"u8;

    /// <summary>The phrase of two keys, in either order.</summary>
    public static string Of(PublicKey one, PublicKey other) => Of(Fingerprint.Of(one), Fingerprint.Of(other));

    /// <summary>The same where only the fingerprints are known.</summary>
    public static string Of(Fingerprint one, Fingerprint other)
    {
        string[] both = [one.ToString(), other.ToString()];
        Array.Sort(both, StringComparer.Ordinal);
        var digest = Hash.Of([.. Tag, .. Encoding.ASCII.GetBytes(string.Concat(both))]).ToArray();
        return string.Join(' ', Enumerable.Range(0, Words).Select(i => Word(digest[i * 2] << 8 | digest[i * 2 + 1])));
    }

    private static string Word(int bits) => new(
    [
        Consonants[bits >> 12 & 15],
        Vowels[bits >> 10 & 3],
        Consonants[bits >> 6 & 15],
        Vowels[bits >> 4 & 3],
        Consonants[bits & 15],
    ]);
}
