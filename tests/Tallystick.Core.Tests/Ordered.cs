namespace Tallystick.Core.Tests;

/// <summary>What four operators and <see cref="IComparable{T}"/> must say of values from the smallest up.</summary>
internal static class Ordered
{
    public static void Check<T>(
        IReadOnlyList<T> ascending,
        Func<T, T, bool> less,
        Func<T, T, bool> greater,
        Func<T, T, bool> lessOrEqual,
        Func<T, T, bool> greaterOrEqual)
        where T : IComparable<T>
    {
        for (var i = 0; i < ascending.Count; i++)
        {
            for (var j = 0; j < ascending.Count; j++)
            {
                var (left, right) = (ascending[i], ascending[j]);
                Assert.Equal(Math.Sign(i.CompareTo(j)), Math.Sign(left.CompareTo(right)));
                Assert.Equal(i < j, less(left, right));
                Assert.Equal(i > j, greater(left, right));
                Assert.Equal(i <= j, lessOrEqual(left, right));
                Assert.Equal(i >= j, greaterOrEqual(left, right));
            }
        }
    }
}
